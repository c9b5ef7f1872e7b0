using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using WatchReload.Control;
using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>Who may not command the node, what may not be loaded.</summary>
[Collection(nameof(Production))]
public sealed class TrustTests(Production production)
{
    private const string Target = "/v1/reload";
    private const string Rehearse = Target + "?rehearse=true";

    [Fact(Timeout = 300_000)]
    public async Task Reload_is_unauthorized_and_nothing_is_loaded_when_the_proof_is_missing_foreign_or_used()
    {
        await production.Run();
        var before = await production.Status();
        using var pipe = new RawPipe(RendezvousFile.Read(production.State, Production.Node)!.Address);
        var cookie = RawPipe.Cookie(production.State);
        var rehearsal = Request(before, fence: before.Fence + 1);
        var spent = RawPipe.Proof(cookie, await pipe.Nonce(), Rehearse, rehearsal);
        Assert.Equal(HttpStatusCode.OK, (await pipe.Post(Rehearse, rehearsal, spent)).Status);
        var rehearsed = await production.Status();
        var body = Request(before, fence: before.Fence + 2);

        var refused = new Dictionary<string, (HttpStatusCode Status, string Text)>
        {
            ["no cookie"] = await pipe.Post(Target, body, null),
            ["wrong cookie"] = await pipe.Post(Target, body, RawPipe.Proof(RandomNumberGenerator.GetBytes(cookie.Length), await pipe.Nonce(), Target, body)),
            ["replayed nonce"] = await pipe.Post(Rehearse, rehearsal, spent),
            ["nonce of its own"] = await pipe.Post(Target, body, RawPipe.Proof(cookie, RandomNumberGenerator.GetHexString(32, lowercase: true), Target, body)),
            ["proof of another target"] = await pipe.Post(Target, body, RawPipe.Proof(cookie, await pipe.Nonce(), Rehearse, body)),
            ["proof of another body"] = await pipe.Post(Target, body, RawPipe.Proof(cookie, await pipe.Nonce(), Target, [])),
        };

        Assert.All(refused, r => Assert.True(r.Value.Status == HttpStatusCode.Unauthorized, $"{r.Key}: {r.Value}"));
        var after = await production.Status();
        Assert.Equal((before.Version, rehearsed.Reloads), (after.Version, after.Reloads));
        Assert.Equal(rehearsed.OldVersions.Count, after.OldVersions.Count);
        Assert.Equal(HttpStatusCode.OK, (await pipe.Post(Target, body, RawPipe.Proof(cookie, await pipe.Nonce(), Target, body))).Status);
        Assert.Equal(before.Version + 1, (await production.Status()).Version);
    }

    [Fact(Timeout = 300_000)]
    public async Task Commands_are_refused_with_the_remedy_when_others_can_write_to_the_socket_directory()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are Unix's.");
        await production.Run();
        var directory = production.State.Run;
        await Processes.Run("chmod", "o+w", directory);
        try
        {
            await Refused($"chmod go-w {directory}");
        }
        finally
        {
            await Processes.Run("chmod", "o-w", directory);
        }

        Assert.True((await production.Status()).Version > 0);
    }

    [Fact(Timeout = 300_000)]
    public async Task Commands_are_refused_with_the_remedy_when_another_user_owns_the_socket_directory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can give a directory away.");
        await production.Run();
        var directory = production.State.Run;
        await Processes.Run("chown", "12345", directory);
        try
        {
            await Refused($"chown 0 {directory}");
        }
        finally
        {
            await Processes.Run("chown", "0", directory);
        }

        Assert.True((await production.Status()).Version > 0);
    }

    [Fact(Timeout = 300_000)]
    public async Task Rollback_is_refused_and_names_the_file_when_the_release_was_tampered_with()
    {
        await production.Run();
        var older = (await production.Status()).Release!;
        var (text, _) = await production.Reload();
        var before = await production.Status();
        using var client = await production.Checkout.Connect("ann");
        var file = Path.Combine(production.State.Release(older), "WatchReload.Service.dll");
        await Flip(file);
        try
        {
            var outcome = await production.Checkout.Run("rollback", older);

            Assert.True(outcome.ExitCode == 4, outcome.ToString());
            var problems = Assert.Single(outcome.Events, e => e.Name == "reload.refused").Texts("problems");
            Assert.Contains("WatchReload.Service.dll was changed", Assert.Single(problems), StringComparison.Ordinal);
        }
        finally
        {
            await Flip(file);
        }

        var after = await production.Status();
        Assert.Equal((before.Version, before.Release, before.Reloads.Committed), (after.Version, after.Release, after.Reloads.Committed));
        Assert.Equal($"version {text}", await client.Ask("/version"));
        Assert.Equal("pong a 1", await client.Ask("/ping a"));
    }

    /// <summary>What serves, once more: would be a new version.</summary>
    private byte[] Request(NodeStatus status, long fence) => JsonSerializer.SerializeToUtf8Bytes(new ReloadRequest
    {
        Release = status.Release!,
        Directory = production.State.Release(status.Release!),
        ManifestHash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(production.State.Release(status.Release!), ReleaseManifest.FileName)))),
        ExpectInstance = status.Instance,
        ExpectVersion = status.Version,
        Fence = fence,
        Cause = "reload",
        Force = true,
    }, ControlJson.Default.ReloadRequest);

    private async Task Refused(string remedy)
    {
        foreach (var verb in (string[][])[["status"], ["reload"], ["run"]])
        {
            var outcome = await production.Checkout.Run(verb);
            Assert.True(outcome.ExitCode == 2, outcome.ToString());
            Assert.Contains(remedy, outcome.ErrorText, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", outcome.ErrorText, StringComparison.Ordinal);
        }
    }

    /// <summary>One bit in the middle; a second time, it is as it was.</summary>
    private static async Task Flip(string file)
    {
        var mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, mode | UnixFileMode.UserWrite);
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, mode);
    }
}
