using System.Globalization;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>A file system in memory of its own for the state directory: it can be filled and made read-only while nothing else on the machine notices.</summary>
internal sealed class SmallDisk
{
    private const int Megabytes = 512;
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    private string Filling => Path.Combine(_path, "filling");

    /// <summary>Null where this user may not mount.</summary>
    public static async Task<SmallDisk?> Mount(string path)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return null;
        Directory.CreateDirectory(path);
        return await Processes.Try("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={Megabytes}m,mode=0700"), "watchreload-test", path) ? new SmallDisk(path) : null;
    }

    /// <summary>Nothing can be written any more, until it is <see cref="Free">freed</see>.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filling, FileMode.Create);
        var zeros = new byte[1 << 20];
        for (var size = zeros.Length; size >= 4096;)
        {
            try
            {
                file.Write(zeros.AsSpan(0, size));
                file.Flush();
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    public void Free() => File.Delete(Filling);

    /// <summary>What is opened from now on can only be read.</summary>
    public async Task Protect()
    {
        await Processes.Run("mount", "--bind", _path, _path);
        await Processes.Run("mount", "-o", "remount,bind,ro", _path);
    }

    public Task Unprotect() => Processes.Run("umount", "--lazy", _path);

    public Task Unmount() => Processes.Run("umount", "--lazy", _path);
}
