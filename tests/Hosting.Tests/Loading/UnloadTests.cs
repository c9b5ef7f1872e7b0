using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text.Json;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Tests.Loading;

// What touches types of a version does so in methods of its own that are not inlined: a local in a method that goes on would hold the version.
public sealed class UnloadTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    private readonly LoadingBench _bench = new();
    private readonly CompiledAssembly _contracts = Sources.Contracts();

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Retired_release_is_gone_after_it_was_collected()
    {
        var ticket = LoadCallRetire("1");

        Assert.Equal(["Contracts", "Lobby"], ticket.Assemblies.Order(StringComparer.Ordinal));
        Assert.True(await ticket.Unloaded(Long, TimeProvider.System, TestContext.Current.CancellationToken), Holders(ticket));
        Assert.True(ticket.IsUnloaded);
        Assert.Empty(ticket.Alive);
    }

    [Fact(Timeout = 60_000)]
    public async Task Second_retirement_gives_the_same_ticket()
    {
        var release = _bench.Load(new ReleaseContents(Sources.Lobby("1", _contracts), _contracts));

        Assert.Same(release.Retire(), release.Retire());
        Assert.True(await release.Retire().Unloaded(Long, TimeProvider.System, TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Held_delegate_blocks_the_unload_and_dropping_it_unblocks()
    {
        var (ticket, held) = RetireHoldingDelegate();

        Assert.False(await ticket.Unloaded(Short, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Equal("Greeting { Text = 1 }", Run(held));

        // What is only referenced by what is held stays too, even though its context was asked to unload.
        Assert.Equal(["Contracts", "Lobby"], ticket.Alive.Order(StringComparer.Ordinal));
        held.Clear();
        Assert.True(await ticket.Unloaded(Long, TimeProvider.System, TestContext.Current.CancellationToken), Holders(ticket));
    }

    [Fact(Timeout = 60_000)]
    public async Task Lingering_version_may_use_a_dependency_for_the_first_time_after_its_retirement()
    {
        var (ticket, held) = RetireHoldingUnusedDelegate();
        await ticket.Unloaded(Short, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal("Greeting { Text = late }", Run(held));
        held.Clear();
        Assert.True(await ticket.Unloaded(Long, TimeProvider.System, TestContext.Current.CancellationToken), Holders(ticket));
    }

    [Fact(Timeout = 60_000)]
    public async Task Caught_exception_that_nobody_keeps_pins_nothing()
    {
        var (ticket, trace) = RetireAfterException();

        Assert.Contains("/source/Lobby.cs:line 1", trace, StringComparison.Ordinal);
        Assert.True(await ticket.Unloaded(Long, TimeProvider.System, TestContext.Current.CancellationToken), Holders(ticket));
    }

    /// <summary>It is the framework's. Its stack trace holds the code that it names.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Kept_exception_blocks_the_unload_and_dropping_it_unblocks()
    {
        var (ticket, kept) = RetireKeepingException();

        Assert.False(await ticket.Unloaded(Short, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Equal("FormatException", Assert.Single(kept).GetType().Name);
        kept.Clear();
        Assert.True(await ticket.Unloaded(Long, TimeProvider.System, TestContext.Current.CancellationToken), Holders(ticket));
    }

    [Fact(Timeout = 60_000)]
    public async Task Reflection_based_json_is_made_to_forget()
    {
        var ticket = RetireAfterJson();

        Assert.True(await ticket.Unloaded(Long, TimeProvider.System, TestContext.Current.CancellationToken), Holders(ticket));
    }

    [Fact(Timeout = 60_000)]
    public async Task Failed_load_leaves_nothing_behind_and_the_previous_as_it_was()
    {
        var previous = _bench.Load(new ReleaseContents(Sources.Lobby("1", _contracts), _contracts));
        RefuseAtLoad(previous);

        Assert.Equal("Greeting { Text = 1 }", Call(previous));
        for (var count = 0; count < 2; count++)
        {
            await Collections.Full();
        }

        Assert.Equal(0, ContextsOf("HalfLoaded"));
        Assert.True(await RetireAll(previous).Unloaded(Long, TimeProvider.System, TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 120_000)]
    public async Task Ten_cycles_leak_nothing()
    {
        var tickets = Cycle(10);
        foreach (var ticket in tickets)
        {
            Assert.True(await ticket.Unloaded(Long, TimeProvider.System, TestContext.Current.CancellationToken), Holders(ticket));
        }

        Assert.Equal(10, tickets.Count(ticket => ticket.Assemblies is ["Lobby"]));
        Assert.Equal(["Contracts", "Lobby"], tickets[^1].Assemblies.Order(StringComparer.Ordinal));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private UnloadTicket LoadCallRetire(string version)
    {
        var release = _bench.Load(new ReleaseContents(Sources.Lobby(version, _contracts), _contracts));
        Assert.Equal($"Greeting {{ Text = {version} }}", Call(release));
        return release.Retire();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (UnloadTicket Ticket, List<Func<object>> Held) RetireHoldingDelegate()
    {
        var release = _bench.Load(new ReleaseContents(Sources.Lobby("1", _contracts), _contracts));
        Call(release);
        List<Func<object>> held = [release.FindType("Probe")!.GetMethod("Say")!.CreateDelegate<Func<object>>()];
        return (release.Retire(), held);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (UnloadTicket Ticket, List<Func<object>> Held) RetireHoldingUnusedDelegate()
    {
        var release = _bench.Load(new ReleaseContents(Sources.Lobby("late", _contracts), _contracts));
        List<Func<object>> held = [release.FindType("Probe")!.GetMethod("Say")!.CreateDelegate<Func<object>>()];
        return (release.Retire(), held);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (UnloadTicket Ticket, string Trace) RetireAfterException()
    {
        var lobby = CompiledAssembly.From("Lobby", Sources.Saying("throw new Failure()") + " public sealed class Failure : Exception;");
        var release = _bench.Load(new ReleaseContents(lobby));
        var trace = "";
        try
        {
            release.FindType("Probe")!.GetMethod("Say")!.CreateDelegate<Func<object>>()();
        }
        catch (Exception error)
        {
            trace = error.ToString();
        }

        return (release.Retire(), trace);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (UnloadTicket Ticket, List<Exception> Kept) RetireKeepingException()
    {
        var release = _bench.Load(new ReleaseContents(CompiledAssembly.From("Lobby", Sources.Saying("int.Parse(\"none\")"))));
        var kept = new List<Exception>();
        try
        {
            release.FindType("Probe")!.GetMethod("Say")!.CreateDelegate<Func<object>>()();
        }
        catch (FormatException error)
        {
            kept.Add(error);
        }

        return (release.Retire(), kept);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private UnloadTicket RetireAfterJson()
    {
        var release = _bench.Load(new ReleaseContents(Sources.Lobby("1", _contracts), _contracts));
        var greeting = release.FindType("Probe")!.GetMethod("Say")!.Invoke(null, null)!;
        Assert.Equal("""{"Text":"1"}""", JsonSerializer.Serialize(greeting, greeting.GetType()));
        return release.Retire();
    }

    /// <summary>Metadata finds nothing wrong with it: Lobby's class lacks a method that Contracts' interface got.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RefuseAtLoad(LoadedRelease previous)
    {
        static CompiledAssembly Rules(string method) => CompiledAssembly.From("Rules", $"public interface IRule {{ {method} }}");
        var lobby = CompiledAssembly.From("HalfLoaded", Sources.Saying("1") + " public sealed class Rule : IRule { public void One() { } }", Rules("void One();"));
        var problems = _bench.Refused(new ReleaseContents(lobby, Rules("void One(); void Two();"), _contracts), previous);

        var problem = Assert.Single(problems);
        Assert.Contains("HalfLoaded has a type that cannot be loaded", problem.Cause, StringComparison.Ordinal);
        Assert.Contains("'Two'", problem.Cause, StringComparison.Ordinal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<UnloadTicket> Cycle(int count)
    {
        var tickets = new List<UnloadTicket>();
        var current = _bench.Load(new ReleaseContents(Sources.Lobby("0", _contracts), _contracts));
        for (var version = 1; version <= count; version++)
        {
            var next = _bench.Load(new ReleaseContents(Sources.Lobby($"{version}", _contracts), _contracts), current);
            Assert.Equal($"Greeting {{ Text = {version} }}", Call(next));
            tickets.Add(current.Retire());
            current = next;
        }

        tickets.Add(current.Retire());
        return tickets;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static UnloadTicket RetireAll(LoadedRelease release) => release.Retire();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? Run(List<Func<object>> held) => held[0]().ToString();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? Call(LoadedRelease release) => release.FindType("Probe")!.GetMethod("Say")!.Invoke(null, null)!.ToString();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ContextsOf(string assembly) =>
        AssemblyLoadContext.All.Count(context => context.Name is { } name && name.StartsWith(assembly + " of ", StringComparison.Ordinal));

    private static string Holders(UnloadTicket ticket) => "still there: " + string.Join(", ", ticket.Alive);
}
