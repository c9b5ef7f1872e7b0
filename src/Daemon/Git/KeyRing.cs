using System.Diagnostics;
using System.Text;

namespace WatchReload.Daemon.Git;

/// <summary>
/// A directory for GnuPG that has the allowed keys and nothing else: neither the user's other keys nor its configuration have a say. It is there for one
/// verification.
/// </summary>
internal sealed class KeyRing : IDisposable
{
    private const string Imported = "[GNUPG:] IMPORT_OK ";

    private readonly DirectoryInfo _home;

    private KeyRing(DirectoryInfo home) => _home = home;

    /// <summary>For <c>GNUPGHOME</c>.</summary>
    public string Home => _home.FullName;

    /// <summary>Fingerprints of the primary keys.</summary>
    public IReadOnlyCollection<string> Fingerprints { get; private init; } = [];

    /// <param name="keys">A file of exported public keys; null: none is allowed.</param>
    /// <param name="time">Whose deadline.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<(KeyRing? Ring, Refusal? Why)> Of(string? keys, TimeProvider time, CancellationToken cancellation)
    {
        var ring = new KeyRing(Directory.CreateTempSubdirectory("watchreload-keys-")); // mode 0700
        var kept = false;
        try
        {
            if (keys is null)
            {
                kept = true;
                return (ring, null);
            }

            var import = await ChildRun.Run(Start(ring.Home, keys), "", GitCommand.Local, time, cancellation);
            string[] fingerprints = [.. import.Output.Split('\n').Where(line => line.StartsWith(Imported, StringComparison.Ordinal)).Select(line => line.TrimEnd().Split(' ')[^1])];
            if (import.End == GitEnd.NotStarted)
                return (null, new Refusal($"gpg could not be started ({import.Error}), and git.allowedKeys needs it", "Install GnuPG, or allow SSH keys instead (git.allowedSigners)"));
            if (!import.Ok || fingerprints.Length == 0)
                return (null, new Refusal($"{keys} (git.allowedKeys) has no keys that gpg can read ({import.Error.Trim().ReplaceLineEndings("; ")})", $"Export the public keys into it: gpg --armor --export KEY > {keys}"));
            kept = true;
            return (new KeyRing(ring._home) { Fingerprints = fingerprints }, null);
        }
        finally
        {
            if (!kept)
                ring.Dispose();
        }
    }

    public void Dispose() => _home.Delete(recursive: true);

    private static ProcessStartInfo Start(string home, string keys) =>
        new("gpg", ["--homedir", home, "--batch", "--no-tty", "--no-autostart", "--status-fd", "1", "--import", keys])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
}
