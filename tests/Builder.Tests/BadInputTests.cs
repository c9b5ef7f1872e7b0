using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;
using WatchReload.Daemon.Watching;

namespace WatchReload.Builder.Tests;

/// <summary>The watcher and the builder together: what is wrong with an input is named, and its mending is noticed and builds.</summary>
public sealed class BadInputTests : IAsyncDisposable
{
    private const string App = "App/App.csproj";

    private readonly Support.Building _building = new();
    private readonly Lines _log = new();
    private Watcher? _watcher;
    private IAsyncEnumerator<ChangeSet>? _changes;

    private Tree Tree => _building.Tree;

    [Fact(Timeout = 600_000)]
    public async Task Named_and_built_again_when_it_is_mended()
    {
        Tree.Write(App, Projects.Library()).Write("App/App.cs", "public class App { }");
        await Watch();
        await Good("App/App.cs", "public class App { int _one; }");

        // An import that is missing, and comes.
        Tree.Write(App, Projects.Library().Replace("<ItemGroup>", """<Import Project="../shared/more.props" /><ItemGroup>""", StringComparison.Ordinal));
        await Bad("MSB4019", "more.props");
        await Good("shared/more.props", "<Project />");

        // A project that cannot be evaluated.
        Tree.Write(App, Projects.Library("""<X Condition="'$(A)' = ">1</X>"""));
        await Bad("MSB", "App.csproj");
        await Good(App, Projects.Library());

        // A source that cannot be opened: a link to a file that is not there yet.
        File.CreateSymbolicLink(Tree["App/Late.cs"], Tree["shared/Late.cs"]);
        Tree.Write("App/App.cs", "public class App : Late { }");
        await Bad("CS2001", "Late.cs");
        await Good("shared/Late.cs", "public class Late { }");

        // A source that is gone when it is read.
        Tree.Write(App, Projects.Library(items: """<Compile Include="../shared/Listed.cs" />"""));
        await Bad("CS2001", "Listed.cs");
        await Good("shared/Listed.cs", "public class Listed { }");

        // An SDK that is not there.
        Tree.Write("global.json", """{ "sdk": { "version": "99.0.100", "rollForward": "disable" } }""");
        await Bad("WRB002", "global.json");
        File.Delete(Tree["global.json"]);
        await Good();

        // Bytes that are no UTF-8: the compiler takes them, as in any build.
        await File.WriteAllBytesAsync(Tree["App/App.cs"], [.. "public class App { string s = \""u8, 0xE4, .. "\"; }"u8], TestContext.Current.CancellationToken);
        await Good();
        Assert.Contains(_log.All, line => line.StartsWith($"{Tree["App/App.cs"]} is not UTF-8", StringComparison.Ordinal));
    }

    [Fact(Timeout = 600_000)]
    public async Task File_is_noticed_and_built_when_it_comes_where_a_pattern_looks_outside_of_the_project()
    {
        Tree.Write(App, Projects.Library(items: """<Compile Include="../shared/**/*.cs" />""")).Write("App/App.cs", "public class App { }").Write("shared/Old.cs", "public class Old { }");
        await Watch();
        await Good("App/App.cs", "public class App { public Old? One; }");
        await Good("shared/deep/New.cs", "public class New { }");
        await Good("App/App.cs", "public class App { public New? One; }");
        await Good("shared/deep/New.cs", "public class New { public int Two; }");
    }

    public async ValueTask DisposeAsync()
    {
        if (_watcher is not null)
            await _watcher.DisposeAsync();
        await _building.DisposeAsync();
    }

    private async Task Watch()
    {
        _watcher = await Watcher.Start(new WatcherSettings { Root = Tree.Root, State = Tree.State }, () => null, TreeEvents.Open, TimeProvider.System, _log, TestContext.Current.CancellationToken);
        _changes = _watcher.Changes(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        _watcher.Adopt((await _building.Build(App)).Inputs);
    }

    private async Task Bad(string code, string name)
    {
        var outcome = await Next();
        while (outcome.Succeeded)
            outcome = await Next();
        Assert.Contains(outcome.Diagnostics, diagnostic => diagnostic.Code.StartsWith(code, StringComparison.Ordinal) && $"{diagnostic.File} {diagnostic.Message}".Contains(name, StringComparison.Ordinal));
    }

    private async Task Good(string path, string text)
    {
        Tree.Write(path, text);
        await Good();
    }

    private async Task Good()
    {
        // Saved halves of a change may have been built one by one.
        while (!(await Next()).Succeeded)
            Assert.NotNull(_watcher);
    }

    private async Task<BuildOutcome> Next()
    {
        Assert.True(await _changes!.MoveNextAsync());
        var outcome = await _building.Build(App, TestContext.Current.CancellationToken);
        _watcher!.Adopt(outcome.Inputs);
        return outcome;
    }

    private sealed class Lines : ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => All.Enqueue(formatter(state, exception));
    }
}
