using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;
using WatchReload.Bench.Services;
using WatchReload.Tests;

namespace WatchReload.Bench.Cases;

/// <summary>Many reloads in a row of a service that uses what docs/investigating.md lists as supported, under traffic that uses all of it: what stays in memory.</summary>
internal sealed class ThousandLibraries : ICase
{
    private const int Users = 8;
    private const int Looks = 50;
    private const string LastBlocking = "watchreload_gc_blocking_full_last";
    private const string Build = "const int Number = ";
    private static readonly string[] Uses = ["logging", "options", "generated json", "reflected json", "thread statics", "http", "database"];
    private static readonly TimeSpan UnloadPatience = TimeSpan.FromSeconds(30);

    public string Name => "thousand-libraries";

    public string Summary => "1,000 reloads under traffic of a service that uses logging, options, JSON, HttpClientFactory and a pool of PostgreSQL's: memory, versions alive (--count N)";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        if (PostgresServer.Programs is null) throw new BenchException("PostgreSQL is not installed: apt-get install postgresql.");
        var reloads = options.Count ?? (options.Quick ? 30 : 1000);
        using var workplace = new Workplace();
        await using var rates = await RatesServer.Start();
        await using var database = await PostgresServer.Start();
        var endpoint = Ports.Fresh();
        await using var checkout = new ProductCheckout(workplace, workplace.Beside("libraries"))
        {
            Settings = new Dictionary<string, string>
            {
                ["Backend__Endpoint"] = endpoint.ToString(),
                ["Backend__Currency"] = "EUR",
                ["Backend__Rates"] = rates.Address.ToString(),
                ["Backend__Database"] = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={database.Port};Database=postgres;Username=clerk"),
            },
        };
        var number = Write(checkout.Root);
        await checkout.Commit();
        var watch = checkout.Start("watch", "--no-delta");
        var pid = await ProductCheckout.Started(watch);
        using var node = new NodePipe(checkout.State);
        using var isOver = new CancellationTokenSource();
        var users = await Task.WhenAll(Enumerable.Range(0, Users).Select(_ => User.Connect(endpoint)));
        var traffic = users.Select(user => Task.Run(() => user.UseAll(isOver.Token))).ToArray();
        var memory = new Memory(PeerNames.WatchReload, () => (pid, watch.Pid, ProcStat.Children(watch.Pid, "WatchReload.Builder.dll") is [var builder, ..] ? builder : 0));
        var (alive, blocking) = (0, 0);
        var last = await node.Metric(LastBlocking);
        for (var reload = 1; reload <= reloads; reload++)
        {
            var position = watch.Position;
            await File.WriteAllTextAsync(number.Path, number.Text.Replace(Build + "0", Build + reload.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
            await ProductCheckout.Event(watch, "reload.committed", position);
            await await Task.WhenAny([Task.WhenAll(users.Select(user => user.HasUsedAllOf(reload))), .. traffic]); // who fails ends it
            alive = Math.Max(alive, await node.Alive());
            if (await node.Metric(LastBlocking) is var blocked && blocked != last) (last, blocking) = (blocked, blocking + 1);
            if (reload % Math.Max(1, reloads / Looks) == 0) memory.Look(reload);
        }

        await isOver.CancelAsync();
        await Task.WhenAll(traffic);
        foreach (var user in users) user.Dispose();
        recorder.Add("reloads", "reloads done", "reloads", PeerNames.WatchReload, reloads, higherIsBetter: true);
        recorder.Count("faults", "answers wrong or missing", PeerNames.WatchReload, users.Sum(user => user.Faults));
        recorder.Add("answers", "answers checked", "answers", PeerNames.WatchReload, users.Sum(user => user.Answers), higherIsBetter: true);
        recorder.Add("alive", "most old versions in memory at the end of a reload", "versions", PeerNames.WatchReload, alive);
        recorder.Add("alive-end", "old versions in memory half a minute after the last reload, at most", "versions", PeerNames.WatchReload, await node.AliveAfter(UnloadPatience));
        recorder.Count("blocking", "reloads in which the node had a blocking full collection", PeerNames.WatchReload, blocking);
        memory.Record(recorder, reloads);
        recorder.Note($"{Users} connections ask for all of it in turn, without a pause: {string.Join(", ", Uses)}. `watch --no-delta`: each save loads a new version, as in production; the next one follows when every connection has used all of the last. Memory is resident memory.");
    }

    /// <summary>The service, and the file that has the number of its build.</summary>
    private static (string Path, string Text) Write(string root)
    {
        var service = Directory.CreateDirectory(Path.Combine(root, "service")).FullName;
        var number = ("", "");
        foreach (var source in Directory.EnumerateFiles(Repository.Path("tests/Fixtures/Backend"), "*.cs"))
        {
            var (target, text) = (Path.Combine(service, Path.GetFileName(source)), File.ReadAllText(source));
            File.WriteAllText(target, text);
            if (text.Contains(Build + "0", StringComparison.Ordinal)) number = (target, text);
        }

        File.WriteAllText(Path.Combine(service, "Service.csproj"), ServiceProject.Text("", ServiceProject.ActorsReference, """<PackageReference Include="Npgsql" Version="10.0.0" />"""));
        File.WriteAllText(Path.Combine(root, "watch.json"), ServiceProject.Configuration);
        foreach (var (name, content) in ServiceProject.NothingInherited) File.WriteAllText(Path.Combine(root, name), content);
        return number;
    }

    /// <summary>A connection that uses everything, again and again.</summary>
    private sealed class User(TcpClient client) : IDisposable
    {
        private readonly StreamReader _answers = new(client.GetStream());
        private readonly StreamWriter _lines = new(client.GetStream()) { AutoFlush = true, NewLine = "\n" };
        private readonly Lock _lock = new();
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _used = -1;

        public long Answers { get; private set; }

        public long Faults { get; private set; }

        public static async Task<User> Connect(IPEndPoint endpoint)
        {
            var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(endpoint);
            return new User(client);
        }

        public async Task UseAll(CancellationToken isOver)
        {
            while (!isOver.IsCancellationRequested)
            {
                var first = int.MaxValue;
                foreach (var use in Uses) first = Math.Min(first, await Use(use));
                lock (_lock)
                {
                    _used = first;
                    _more.TrySetResult();
                    _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }

        public void Dispose()
        {
            _answers.Dispose();
            _lines.Dispose();
            client.Dispose();
        }

        /// <summary>Done when all that is used has been answered by that build, or a later one.</summary>
        public async Task HasUsedAllOf(int build)
        {
            while (true)
            {
                Task more;
                lock (_lock)
                {
                    if (_used >= build) return;
                    more = _more.Task;
                }

                await more;
            }
        }

        /// <summary>The build that has answered.</summary>
        private async Task<int> Use(string what)
        {
            await _lines.WriteLineAsync(what);
            var answer = await _answers.ReadLineAsync() ?? throw new BenchException($"The connection was closed instead of an answer to '{what}'.");
            Answers++;
            var build = int.Parse(answer.Split(' ')[0], CultureInfo.InvariantCulture);
            if (build < _used || !Expected(what, build).Contains(what == "database" ? answer.Split(' ')[^1] : answer)) Faults++;
            return build;
        }

        private static IReadOnlyList<string> Expected(string what, int build)
        {
            var order = $"{build} Urgent tea 1";
            return what switch
            {
                "logging" => [$"{build} logged"],
                "options" => [$"{build} EUR EUR"],
                "generated json" => [$"{build} {order}"],
                "reflected json" => [$"{build} {order}, {order}"],
                "thread statics" => [$"{build} {order}, {order}, {order}"],
                "http" => [$"{build} EUR 1.5"],
                // Asked for by the build before, answered by this one.
                _ => [$"{build}", $"{build - 1}"],
            };
        }
    }
}
