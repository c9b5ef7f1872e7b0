using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace WatchReload.Control;

/// <summary>What lay at a path when it was looked at, whatever lies there by now. It is held, and not opened.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FoundFile : IDisposable
{
    private readonly string _path;
    private readonly string _descriptor;
    private readonly SafeFileHandle _handle;

    private FoundFile(string path, SafeFileHandle handle)
    {
        (_path, _handle) = (path, handle);
        _descriptor = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{handle.DangerousGetHandle()}");
        Place = File.ResolveLinkTarget(_descriptor, returnFinalTarget: false)?.FullName ?? path;
        Stat = Posix.Stat(handle);
    }

    /// <summary>Where it really lies.</summary>
    public string Place { get; }

    public Posix.Statx Stat { get; }

    /// <summary>The path, and where it leads, for people.</summary>
    public string Shown => _path == Place ? _path : $"{_path}, which leads to {Place},";

    /// <exception cref="IOException">There is nothing, or it cannot be looked at.</exception>
    public static FoundFile At(string path)
    {
        var handle = Posix.Find(path);
        try
        {
            return new FoundFile(path, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <exception cref="StateException">It is no file.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public FileStream OpenRead(int bufferSize)
    {
        CheckFile();
        return new FileStream(_descriptor, RegularFile.Reading(bufferSize));
    }

    /// <exception cref="StateException">It is no file.</exception>
    public void CheckFile()
    {
        if (!Stat.IsFile)
            throw new StateException($"{Shown} is no file.", "A file is expected there; find out who put something else in its place.");
    }

    public void Dispose() => _handle.Dispose();
}
