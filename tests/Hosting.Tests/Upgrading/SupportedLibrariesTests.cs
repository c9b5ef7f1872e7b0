using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>What docs/investigating.md lists as supported, used by every version of a service under traffic: it holds none.</summary>
public sealed class SupportedLibrariesTests
{
    private const int Reloads = 20;

    /// <summary>What is asked, and the answer after the number of the build.</summary>
    private static readonly (string Ask, Func<int, string> Answer)[] s_uses =
    [
        ("logging", _ => "logged"),
        ("options", _ => "EUR EUR"),
        ("generated json", build => $"{build} Urgent tea 1"),
        ("reflected json", build => $"{build} Urgent tea 1, {build} Urgent tea 1"),
        ("thread statics", build => $"{build} Urgent tea 1, {build} Urgent tea 1, {build} Urgent tea 1"),
        ("http", _ => "EUR 1.5"),
    ];

    [Fact(Timeout = 300_000)]
    public async Task At_most_one_retired_version_is_alive_after_reloads_under_traffic_and_the_shared_pool_is_the_same()
    {
        var (client, other) = await ReloadUnderTraffic(database: 1);
        Assert.All([.. client.Database, .. other.Database], said => Assert.Equal("shop refused", said));
    }

    /// <summary>The connections too: each is opened by the code of one version, and used by those that come after it.</summary>
    [Fact(Timeout = 300_000)]
    public async Task At_most_one_retired_version_is_alive_after_reloads_under_traffic_when_the_shared_pool_has_open_connections_which_stay()
    {
        Assert.SkipWhen(PostgresServer.Programs is null, "PostgreSQL is not installed.");
        await using var server = await PostgresServer.Start();
        var (client, other) = await ReloadUnderTraffic(server.Port);
        var processes = client.Database.Concat(other.Database).Select(said => said.Split(' ')[1]).ToHashSet(StringComparer.Ordinal);
        Assert.InRange(processes.Count, 1, 2);
        Assert.Contains(processes, process => client.Database.Concat(other.Database).Count(said => said.Split(' ')[1] == process) > 1);
    }

    private static async Task<(User Client, User Other)> ReloadUnderTraffic(int database)
    {
        await using var rates = await RatesServer.Start();
        using var log = new Log();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        await using var node = new NodeHarness();
        Assert.Null(await node.StartOn(node.Releases.Write(BackendReleases.Of(1, rates.Address, database)), loggers));
        var client = new User(await node.Connect("orders"));
        using var isOver = new CancellationTokenSource();
        var other = new User(await node.Connect("orders"));
        var traffic = Task.Run(() => other.UseAll(isOver.Token), TestContext.Current.CancellationToken);

        for (var build = 1; ; build++)
        {
            Assert.Equal(build, await client.UseAll());
            await node.Until(status => status.OldVersions.Count(version => version.State != "unloaded") <= 1);
            if (build > Reloads) break;
            Assert.Equal(ReloadVerdict.Committed, (await node.Reload(node.Releases.Write(BackendReleases.Of(build + 1, rates.Address, database)))).Verdict);
        }

        await isOver.CancelAsync();
        await traffic;
        await node.Until(status => status.OldVersions.Count == Reloads && status.OldVersions.All(version => version.State == "unloaded"));
        Assert.Equal(client.Pool, other.Pool);
        Assert.All(Enumerable.Range(1, Reloads + 1), build => Assert.True(log.Has(build) && rates.WasAskedBy(build)));
        return (client, other);
    }

    /// <summary>A connection that uses everything.</summary>
    private sealed class User(LineClient line)
    {
        private readonly HashSet<string> _database = new(StringComparer.Ordinal);
        private int _build;

        /// <summary>The pool that is the same at each use.</summary>
        public string? Pool { get; private set; }

        /// <summary>What was said after it.</summary>
        public IReadOnlyCollection<string> Database => _database;

        /// <summary>The build that answered last.</summary>
        public async Task<int> UseAll()
        {
            foreach (var (ask, expected) in s_uses)
            {
                var answer = await Use(ask);
                Assert.Equal(expected(_build), answer);
            }

            var told = (await Use("database")).Split(' ', 2);
            Pool ??= told[0];
            Assert.Equal(Pool, told[0]);
            _database.Add(told[1]);
            return _build;
        }

        public async Task UseAll(CancellationToken isOver)
        {
            while (!isOver.IsCancellationRequested) await UseAll();
        }

        private async Task<string> Use(string what)
        {
            var answer = (await line.Ask(what))!.Split(' ', 2);
            var build = int.Parse(answer[0], CultureInfo.InvariantCulture);
            Assert.True(build >= _build, "an older build answered after a newer one");
            _build = build;
            return answer[1];
        }
    }

    /// <summary>What was logged, as text.</summary>
    private sealed class Log : ILoggerProvider, ILogger
    {
        private readonly ConcurrentDictionary<string, byte> _seen = new();

        public bool Has(int build) => _seen.Keys.Any(text => text.StartsWith($"Build {build} is used: SessionState", StringComparison.Ordinal));

        public ILogger CreateLogger(string categoryName) => this;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _seen.TryAdd(formatter(state, exception), 0);

        bool ILogger.IsEnabled(LogLevel logLevel) => true;

        IDisposable? ILogger.BeginScope<TState>(TState state) => null;

        public void Dispose() => _seen.Clear();
    }
}
