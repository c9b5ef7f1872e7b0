using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Hosting.Upgrading;
using WatchReload.Hosting.Upgrading.Declaring;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>What is made to be shared, by a release that never serves.</summary>
public sealed class SharedResourcesTests : IDisposable
{
    private readonly HeldObject _made = new();

    public void Dispose() => _made.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_factory_that_does_not_end_refuses_its_release_and_no_later_one()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(new CountingService(), time);

        var reloading = node.Reload(Sharing("v2", $"var text = {held.Block}; "));
        await held.EnteredBy(reloading);
        var report = await time.PassUntil(reloading, TimeSpan.FromSeconds(30));
        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Contains("did not end within 30 s", Assert.Single(report.Problems), StringComparison.Ordinal);

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(Sharing("v3", ""))).Verdict);
        var client = await node.Connect();
        Assert.Equal("open", await client.Ask("shared"));
        var serves = Made;

        held.Release();
        await node.Until(_ => Made != serves && !Made.CanRead); // the late one is nobody's
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(Sharing("v4", ""))).Verdict);
        Assert.Equal("open", await client.Ask("shared"));
        Assert.NotSame(serves, Made);
        Assert.True(serves.CanRead);
    }

    /// <summary>Beside one that is shared already, and one that was made before it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_factory_that_throws_refuses_its_release_and_no_later_one()
    {
        await using var node = await NodeHarness.Start(Sharing("v1", ""));
        var client = await node.Connect();
        Assert.Equal(("ok", "open"), (await client.Ask("add"), await client.Ask("shared")));
        using var made = new HeldObject();
        CountingService More(string version, string then) => Sharing(version, "") with
        {
            Configure = Sharing(version, "").Configure + $$"""
                service.ConfigureShared(shared => shared.Singleton<System.IO.StringReader>("before", _ => { var one = new System.IO.StringReader("text"); {{made.Set("one")}} return one; }));
                service.ConfigureShared(shared => shared.Singleton<System.IO.StringWriter>("after", _ => {{then}}));
                """,
        };

        var report = await node.Reload(More("v2", "throw new InvalidOperationException(\"no database\")"));

        Assert.Equal((ReloadVerdict.Refused, false), (report.Verdict, report.Transient));
        Assert.Equal("Service cannot be configured: InvalidOperationException: no database", Assert.Single(report.Problems));
        Assert.Throws<ObjectDisposedException>(() => ((StringReader)made.Value!).Peek());
        Assert.Equal(("v1 1", "open"), (await client.Ask("count"), await client.Ask("shared")));
        var serves = Made;

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(More("v3", "new System.IO.StringWriter()"))).Verdict);
        Assert.Equal(("v3 1", "open"), (await client.Ask("count"), await client.Ask("shared")));
        Assert.Same(serves, Made);
        Assert.Equal('t', (char)((StringReader)made.Value!).Peek());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_made_for_a_release_that_is_refused_is_disposed_of_and_made_anew_for_the_next()
    {
        await using var node = await NodeHarness.Start(new CountingService());
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var refused = Sharing("v2", "") with { State = "public sealed record ConnState(string Count);", First = "new ConnState(\"\")" };
        Assert.Equal(ReloadVerdict.Refused, (await node.Reload(refused)).Verdict);
        Assert.False(Made.CanRead);

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(Sharing("v3", ""))).Verdict);
        Assert.Equal("open", await client.Ask("shared"));
        Assert.Equal(ReloadVerdict.Rehearsed, (await node.Reload(node.Releases.Write(Sharing("v4", "").Compile()), rehearse: true)).Verdict);
        Assert.Equal("open", await client.Ask("shared"));
    }

    /// <summary>Its release was given up, another one is prepared by now, and not yet committed.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_factory_that_returns_late_takes_nothing_from_the_version_that_is_about_to_serve()
    {
        await using var resources = new SharedResources(NullLogger.Instance, TimeProvider.System);
        var (givenUp, serving) = (resources.Claim("packages"), resources.Claim("packages"));
        var (late, serves) = (new MemoryStream(), new MemoryStream());
        Take(givenUp, () =>
        {
            Assert.Same(serves, Take(serving, () => serves));
            return late;
        });

        serving.Keep();
        await givenUp.LetGo();

        Assert.Same(serves, Take(resources.Claim("packages"), () => new MemoryStream()));
        Assert.Equal((true, false), (serves.CanRead, late.CanRead));
        await resources.DisposeAsync();
        Assert.False(serves.CanRead);
    }

    private static object Take(SharedClaim claim, Func<object> factory)
    {
        var services = new ServiceCollection();
        claim.Register(services, [new SharedDeclaration("stream", typeof(MemoryStream), _ => factory())], new ConfigurationBuilder().Build());
        return Assert.Single(services).ImplementationInstance!;
    }

    private MemoryStream Made => (MemoryStream)_made.Value!;

    private CountingService Sharing(string version, string first) => new()
    {
        Version = version,
        Configure = $"service.ConfigureShared(shared => shared.Singleton<System.IO.MemoryStream>(\"stream\", _ => {{ {first}var made = new System.IO.MemoryStream(); {_made.Set("made")} return made; }}));",
        Members = "private readonly System.IO.MemoryStream stream; public Conn(System.IO.MemoryStream stream) => this.stream = stream;",
        Commands = "case \"shared\": self.WriteLine(stream.CanRead ? \"open\" : \"ended\"); break;",
    };
}
