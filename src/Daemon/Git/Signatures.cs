namespace WatchReload.Daemon.Git;

/// <summary>Whether every commit that would become live is signed by a key that the host allows.</summary>
/// <remarks>
/// Theory of operation. The commit that was verified last is remembered in the state directory, out of reach of a push; what it contains has been accepted. A new
/// tip must contain it, else an old commit, whose signature is as good as ever, could be brought back; and each commit since must be signed, those of merged branches
/// too. Only objects of git are read for it: nothing of the new tree is checked out or evaluated before it has passed. Which keys count is read from
/// files outside the tree alone, whatever the checkout's or the user's own configuration of git and GnuPG says. What cannot be told counts as not signed.
/// </remarks>
internal sealed class Signatures(GitObjects objects, DeployPolicy policy)
{
    private const int MostShown = 5;

    /// <summary>Whoever names the program decides what is a good signature.</summary>
    private static readonly string[] Programs = ["-c", "gpg.program=gpg", "-c", "gpg.openpgp.program=gpg", "-c", "gpg.ssh.program=ssh-keygen", "-c", "gpg.x509.program=false"];

    /// <summary>Null: all since one and up to the other are signed as the host asks, or it asks for no signatures.</summary>
    public async Task<Refusal?> Verify(string since, string tip, CancellationToken cancellation)
    {
        if (!policy.AsksForSignatures)
            return null;
        var (ring, why) = await KeyRing.Of(policy.AllowedKeys, objects.Git.Time, cancellation);
        if (ring is null)
            return why;
        using (ring)
            return await Verify(since, tip, ring, cancellation);
    }

    private async Task<Refusal?> Verify(string since, string tip, KeyRing ring, CancellationToken cancellation)
    {
        var call = new GitCall(
            objects.Directory,
            [
                .. Programs, "-c", "gpg.ssh.allowedSignersFile=" + (policy.AllowedSigners ?? "/dev/null"), "-c", "log.showSignature=false",
                "--no-replace-objects", "log", "--format=%H%x01%G?%x01%GP%x01%GF%x01%an%x01%s", $"{since}..{tip}",
            ])
        {
            Deadline = GitCommand.Slow,
            Environment = new Dictionary<string, string> { ["GNUPGHOME"] = ring.Home },
        };
        var count = await objects.Run(cancellation, "--no-replace-objects", "rev-list", "--count", $"{since}..{tip}");
        var log = await objects.Run(call, cancellation);
        if (!log.Ok || !count.Ok)
            return GitFailure.Explain("verify signatures", log.Ok ? count : log);
        var commits = log.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\x01', 6)).ToList();
        if (commits.Any(commit => commit.Length != 6) || commits.Count.ToString(System.Globalization.CultureInfo.InvariantCulture) != count.Line)
            return new Refusal("The signatures cannot be verified: git's answer is not understood", "Try it by hand: git log --show-signature");
        string[] refused = [.. commits.Where(commit => !IsAllowed(commit[1], commit[2], commit[3], ring)).Select(commit => $"{CommitId.Short(commit[0])} \"{commit[5]}\" by {commit[4]} {Says(commit[1])}")];
        return refused.Length == 0
            ? null
            : new Refusal(
                $"Only commits that are signed by an allowed key are deployed here: {string.Join("; ", refused.Take(MostShown))}{(refused.Length > MostShown ? $"; and {refused.Length - MostShown} more" : "")}",
                "Sign them and push again (git rebase --exec \"git commit --amend --no-edit -S\"); or allow the key in the host's configuration (git.allowedSigners, git.allowedKeys)");
    }

    // A good SSH signature of a key that is not in the file is U, as is that of every OpenPGP key that nobody has vouched for: those are told apart by their fingerprints.
    private bool IsAllowed(string result, string primary, string fingerprint, KeyRing ring) =>
        fingerprint.StartsWith("SHA256:", StringComparison.Ordinal)
            ? policy.AllowedSigners is not null && result == "G"
            : result is "G" or "U" && ring.Fingerprints.Contains(primary, StringComparer.OrdinalIgnoreCase);

    private static string Says(string result) => result switch
    {
        "N" => "is not signed",
        "B" => "has a bad signature, or one of a key that is not allowed",
        "X" => "has a signature that has expired",
        "Y" => "is signed by a key that has expired",
        "R" => "is signed by a key that was revoked",
        _ => "is signed by a key that is not allowed",
    };
}
