using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Tests.Git;

/// <summary>Pulls where the host asks for signed commits, with real keys.</summary>
public sealed class SignaturesTests
{
    [Fact(Timeout = 60_000)]
    public async Task Pulled_when_every_commit_is_signed_by_an_allowed_ssh_key()
    {
        using var sandbox = await Sandbox();
        await sandbox.Commit("work", "a.cs", "2");
        var to = await sandbox.Commit("work", "a.cs", "3");
        await sandbox.Push();
        // What the checkout's own configuration allows has no say.
        await File.WriteAllTextAsync(sandbox.At("nobody"), "");
        await Shell.Git(sandbox.Live, "config", "gpg.ssh.allowedSignersFile", sandbox.At("nobody"));

        Assert.Equal(to, Assert.IsType<PullResult.Pulled>(await Pull(sandbox)).To);
        Assert.Equal(to, VerifiedCommit.Read(sandbox.At("live/.git/watchreload/verified")));
        Assert.Equal(new PullResult.UpToDate(to), await Pull(sandbox));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("unsigned", "is not signed")]
    [InlineData("stranger", "is signed by a key that is not allowed")]
    [InlineData("merged", "is not signed")]
    public async Task Refused_when_one_of_the_commits_is_not(string which, string why)
    {
        using var sandbox = await Sandbox();
        var bad = await Bad(sandbox, which);
        await sandbox.Commit("work", "a.cs", "signed again");
        await sandbox.Push();
        var before = await sandbox.Head("live");

        var refused = Assert.IsType<PullResult.Refused>(await Pull(sandbox));

        Assert.Contains($"{bad[..10]} \"Change b.cs\" by Test {why}", refused.Why.Cause);
        Assert.DoesNotContain("a.cs", refused.Why.Cause);
        Assert.Equal(before, await sandbox.Head("live"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_though_the_checkout_names_a_program_that_calls_every_ssh_signature_good()
    {
        using var sandbox = await Sandbox();
        await GitSandbox.Script(sandbox.At("yes"), """
            #!/bin/sh
            case "$*" in
            *find-principals*) echo ann@example.org;;
            *) echo 'Good "git" signature for ann@example.org with ED25519 key SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';;
            esac
            """);
        await Shell.Git(sandbox.Live, "config", "gpg.ssh.program", sandbox.At("yes"));
        var bad = await Bad(sandbox, "stranger");
        await sandbox.Push();

        Assert.Contains(bad[..10], Assert.IsType<PullResult.Refused>(await Pull(sandbox)).Why.Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_an_unsigned_commit_got_into_the_checkout_by_hand()
    {
        using var sandbox = await Sandbox();
        await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        await Pull(sandbox);
        var bad = await Bad(sandbox, "unsigned");
        await sandbox.Push();
        await Shell.Git(sandbox.Live, "pull", "-q", "--ff-only");
        Assert.Contains(bad[..10], Assert.IsType<PullResult.Refused>(await Pull(sandbox)).Why.Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_an_older_signed_commit_is_played_again()
    {
        using var sandbox = await Sandbox();
        var older = await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        await Pull(sandbox);
        await sandbox.Commit("work", "a.cs", "3");
        await sandbox.Push();
        await Pull(sandbox);
        await Shell.Git(sandbox.Work, "reset", "-q", "--hard", older);
        await sandbox.Push("--force", "origin", "HEAD");
        await Shell.Git(sandbox.Live, "reset", "-q", "--hard", older + "~1"); // so that it would be a fast-forward

        var refused = Assert.IsType<PullResult.Refused>(await Pull(sandbox));

        Assert.Contains("must not come back", refused.Why.Cause);
        Assert.Equal("1", await File.ReadAllTextAsync(sandbox.At("live/a.cs"), TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_pgp_keys_count_when_their_file_is_given_and_only_those()
    {
        using var sandbox = await Sandbox();
        var home = sandbox.At("gpg");
        await Shell.Run(sandbox.Root, "mkdir", "-m", "700", home);
        try
        {
            await GitSandbox.Script(sandbox.At("gpg-here"), $"#!/bin/sh\nexec gpg --homedir '{home}' --batch --pinentry-mode loopback --passphrase '' \"$@\"\n");
            foreach (var who in new[] { "ann", "bob" })
                Assert.Equal(0, (await Shell.Run(sandbox.Root, sandbox.At("gpg-here"), "--quick-generate-key", $"{who}@example.org", "ed25519", "sign", "never")).ExitCode);
            Assert.Equal(0, (await Shell.Run(sandbox.Root, sandbox.At("gpg-here"), "--armor", "--output", sandbox.At("keys"), "--export", "ann@example.org")).ExitCode);
            await Shell.Git(sandbox.Work, "config", "gpg.format", "openpgp");
            await Shell.Git(sandbox.Work, "config", "gpg.program", sandbox.At("gpg-here"));
            await Shell.Git(sandbox.Work, "config", "user.signingkey", "ann@example.org");
            var anns = await sandbox.Commit("work", "a.cs", "ann's");
            await sandbox.Push();
            var policy = new DeployPolicy { AllowedKeys = sandbox.At("keys") };

            Assert.Contains("is signed by a key that is not allowed", Assert.IsType<PullResult.Refused>(await Pull(sandbox)).Why.Cause); // ssh keys alone
            Assert.Equal(anns, Assert.IsType<PullResult.Pulled>(await Pull(sandbox, policy)).To);

            await Shell.Git(sandbox.Work, "config", "user.signingkey", "bob@example.org");
            await sandbox.Commit("work", "a.cs", "bob's");
            await sandbox.Push();
            Assert.Contains("is signed by a key that is not allowed", Assert.IsType<PullResult.Refused>(await Pull(sandbox, policy)).Why.Cause);

            var listed = (await Shell.Run(sandbox.Root, sandbox.At("gpg-here"), "--with-colons", "--fingerprint", "ann@example.org")).Output;
            var fingerprint = listed.Split('\n').First(line => line.StartsWith("fpr:", StringComparison.Ordinal)).Split(':')[9];
            await GitSandbox.Script(sandbox.At("yes"), $"""
                #!/bin/sh
                echo '[GNUPG:] NEWSIG'
                echo '[GNUPG:] GOODSIG {fingerprint[^16..]} ann'
                echo '[GNUPG:] VALIDSIG {fingerprint} 2026-01-01 1767225600 0 4 0 22 8 00 {fingerprint}'
                echo '[GNUPG:] TRUST_ULTIMATE 0 pgp'
                """);
            foreach (var key in new[] { "gpg.program", "gpg.openpgp.program" })
            {
                await Shell.Git(sandbox.Live, "config", key, sandbox.At("yes"));
                Assert.Contains("is signed by a key that is not allowed", Assert.IsType<PullResult.Refused>(await Pull(sandbox, policy)).Why.Cause);
            }
        }
        finally
        {
            await Shell.Run(sandbox.Root, "gpgconf", "--homedir", home, "--kill", "all");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_file_has_no_keys()
    {
        using var sandbox = await Sandbox();
        await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        await File.WriteAllTextAsync(sandbox.At("keys"), "no keys");
        var refused = Assert.IsType<PullResult.Refused>(await Pull(sandbox, new DeployPolicy { AllowedKeys = sandbox.At("keys") }));
        Assert.Contains("has no keys that gpg can read", refused.Why.Cause);
    }

    /// <summary><c>work</c> signs with a key that is allowed.</summary>
    private static async Task<GitSandbox> Sandbox()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Keys of a Unix shell");
        var sandbox = await GitSandbox.Create();
        await Key(sandbox, "ann");
        await Key(sandbox, "stranger");
        await File.WriteAllTextAsync(sandbox.At("signers"), "ann@example.org namespaces=\"git\" " + await File.ReadAllTextAsync(sandbox.At("ann.pub")));
        await Shell.Git(sandbox.Work, "config", "gpg.format", "ssh");
        await Shell.Git(sandbox.Work, "config", "user.signingkey", sandbox.At("ann"));
        await Shell.Git(sandbox.Work, "config", "commit.gpgsign", "true");
        return sandbox;
    }

    private static async Task Key(GitSandbox sandbox, string name) =>
        Assert.Equal(0, (await Shell.Run(sandbox.Root, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", name)).ExitCode);

    private static async Task<string> Bad(GitSandbox sandbox, string which)
    {
        if (which == "stranger")
        {
            await Shell.Git(sandbox.Work, "config", "user.signingkey", sandbox.At("stranger"));
            var strange = await sandbox.Commit("work", "b.cs", "x");
            await Shell.Git(sandbox.Work, "config", "user.signingkey", sandbox.At("ann"));
            return strange;
        }

        if (which == "merged")
            await Shell.Git(sandbox.Work, "switch", "-q", "-c", "side");
        await Shell.Git(sandbox.Work, "config", "commit.gpgsign", "false");
        var bad = await sandbox.Commit("work", "b.cs", "x");
        await Shell.Git(sandbox.Work, "config", "commit.gpgsign", "true");
        if (which == "merged")
        {
            await Shell.Git(sandbox.Work, "switch", "-q", "main");
            await Shell.Git(sandbox.Work, "merge", "-q", "--no-ff", "-S", "-m", "Merge", "side");
        }

        return bad;
    }

    private static Task<PullResult> Pull(GitSandbox sandbox, DeployPolicy? policy = null) =>
        sandbox.Pull(change: request => request with { Policy = policy ?? new DeployPolicy { AllowedSigners = sandbox.At("signers") } });
}
