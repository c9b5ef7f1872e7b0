using System.Runtime.Versioning;

namespace WatchReload.Control;

/// <summary>
/// The cookie as it was last read, for as long as its file is the same one and unchanged: one look at the file, in place of reading and checking it. On Linux, where one call
/// tells all of it; elsewhere it is read each time.
/// </summary>
/// <remarks>A file that was written anew within a tick of its file system's clock can look unchanged. So whoever is refused with what was kept forgets it, and tries again.</remarks>
internal sealed class KeptCookie(StateDirectory state)
{
    private Kept? _kept;

    /// <param name="wasKept">It was not read now.</param>
    /// <exception cref="StateException">None, wrong owner, loose mode, or not a cookie.</exception>
    public Cookie Get(out bool wasKept)
    {
        wasKept = false;
        if (!OperatingSystem.IsLinux())
            return Cookie.Load(state);
        var stamp = Stamp(); // before it is read: if it is changed in between, it is read again the next time
        if (Volatile.Read(ref _kept) is { } kept && kept.Stamp == stamp)
        {
            wasKept = true;
            return kept.Cookie;
        }

        var cookie = Cookie.Load(state);
        Volatile.Write(ref _kept, stamp is { } of ? new Kept(of, cookie) : null);
        return cookie;
    }

    /// <summary>Reads it the next time.</summary>
    public void Forget() => Volatile.Write(ref _kept, null);

    [SupportedOSPlatform("linux")]
    private Posix.FileStamp? Stamp()
    {
        try
        {
            return Posix.Stat(state.Cookie, followLink: false)?.Stamp;
        }
        catch (IOException)
        {
            return null; // whoever reads it is told
        }
    }

    private sealed record Kept(Posix.FileStamp Stamp, Cookie Cookie);
}
