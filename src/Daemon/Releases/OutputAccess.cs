using System.Runtime.Versioning;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>Opens a file that a build names as its output, without a buffer.</summary>
/// <exception cref="OutputRefusedException">It must not be read.</exception>
internal delegate FileStream OpenOutput(string path);

/// <summary>What of a build's outputs is read.</summary>
internal static class OutputAccess
{
    /// <summary>All that this process can read: the build could, too.</summary>
    public static FileStream Any(string path) => new(path, new FileStreamOptions
    {
        Access = FileAccess.Read,
        Share = FileShare.ReadWrite | FileShare.Delete,
        Options = FileOptions.SequentialScan,
        BufferSize = 0,
    });

    /// <summary>What that user could read by itself. A link that its build leaves where an output should be would else bring into a release what is kept from it.</summary>
    public static OpenOutput Of(string user)
    {
        if (!OperatingSystem.IsLinux() || UserAccount.Find(user) is not { } account)
            return path => throw new OutputRefusedException($"{path} is not read: there is no user {user} here any more.", "Name the user that builds in build.user.");
        return By(account);
    }

    [SupportedOSPlatform("linux")]
    private static OpenOutput By(UserAccount account) => path =>
    {
        try
        {
            return account.OpenRead(path, bufferSize: 0);
        }
        catch (StateException e)
        {
            throw new OutputRefusedException($"An output of the build is refused: {e.Message}", e.Remedy);
        }
    };
}

/// <summary>The build names a file as its output that must not be read for it.</summary>
internal sealed class OutputRefusedException(string message, string remedy) : Exception(message)
{
    public string Remedy { get; } = remedy;
}
