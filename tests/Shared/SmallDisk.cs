using System.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Tests;

/// <summary>A file system in memory for a state directory, that can be filled while nothing else on the machine notices.</summary>
internal sealed class SmallDisk : IDisposable
{
    public const string None = "A file system of its own for the state directory needs root on Linux and the right to mount.";
    private const int Kilobytes = 512;
    private const int Names = 256;
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    private string Filling => Path.Combine(_path, "filling");

    /// <summary>Null where this user may not mount.</summary>
    public static SmallDisk? Mount(StateDirectory state)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !Try("mount", "-t", "tmpfs", "-o", $"size={Kilobytes}k,nr_inodes={Names},mode=0700", "watchreload-test", state.Root))
            return null;
        OwnedPath.EnsureState(state);
        return new SmallDisk(state.Root);
    }

    /// <summary>Nothing can be written any more, until it is <see cref="Free">freed</see>.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filling, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>No file or directory can be made any more.</summary>
    public void TakeAllNames()
    {
        try
        {
            for (var i = 0; ; i++)
                File.Create(Path.Combine(_path, $"name{i}")).Dispose();
        }
        catch (IOException)
        {
            // All are taken.
        }
    }

    public void Free() => File.Delete(Filling);

    public void Dispose() => Try("umount", "--lazy", _path);

    private static bool Try(string tool, params string[] arguments)
    {
        using var process = Process.Start(tool, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
