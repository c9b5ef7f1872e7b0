using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using WatchReload.Control;
using WatchReload.Hosting.Endpoint;

namespace WatchReload.Hosting.Tests;

public sealed partial class MetricsTests
{
    private static readonly CountingService V1 = new();

    [Fact(Timeout = 120_000)]
    public async Task Verdicts_phases_actors_connections_and_bytes_are_there_under_their_names()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v2" })).Verdict);
        Assert.Equal("v2 1", await client.Ask("count"));
        Assert.Equal(ReloadVerdict.Refused, (await node.Reload(V1 with { Version = "v3" }, r => r with { ExpectVersion = 7 })).Verdict);

        var metrics = Read(((INode)node.Node).Metrics());

        Assert.Equal(2, metrics["watchreload_version"]);
        Assert.InRange(metrics["watchreload_gc_blocking_full_last"], 0, GC.GetGCMemoryInfo(GCKind.Any).Index);
        Assert.Equal((1, 1, 0), (metrics["watchreload_reload_verdicts_total{verdict=\"committed\"}"], metrics["watchreload_reload_verdicts_total{verdict=\"refused\"}"], metrics["watchreload_reload_verdicts_total{verdict=\"takenBack\"}"]));
        Assert.All(["load", "plan", "warmup", "prepare", "gate", "commit", "sweep", "codechange"], phase => Assert.Equal(1, metrics[$"watchreload_reload_phase_seconds_count{{phase=\"{phase}\"}}"]));
        Assert.Equal(1, metrics["watchreload_reload_gate_seconds_count"]);
        Assert.Equal(metrics["watchreload_reload_gate_seconds_sum"], metrics["watchreload_reload_gate_seconds_max"], 6);
        Assert.Equal(1, metrics.Single(m => m.Key.StartsWith("watchreload_actors{behavior=", StringComparison.Ordinal) && m.Key.EndsWith("version=\"2\"}", StringComparison.Ordinal)).Value);
        Assert.Equal((1, 1), (metrics["watchreload_connections"], metrics["watchreload_listener_connections{listener=\"lines\"}"]));
        Assert.Equal("add\ncount\n".Length, metrics["watchreload_received_bytes_total{listener=\"lines\"}"]);
        Assert.Equal("ok\nv2 1\n".Length, metrics["watchreload_sent_bytes_total{listener=\"lines\"}"]);
        Assert.All(["watchreload_mailbox_messages", "watchreload_mailbox_messages_max", "watchreload_package_contexts", "watchreload_old_versions{state=\"lingering\"}", "watchreload_trials_total{outcome=\"passed\"}", "watchreload_on_trial"], name => Assert.Contains(name, metrics));
    }

    [Fact(Timeout = 120_000)]
    public async Task Failed_turns_and_dead_letters_are_counted_and_status_has_the_last_of_these()
    {
        const string send = "case \"fail\": for (var i = 0; i < 25; i++) self.Self.Send(new ConnMessage.Tick(i)); break;";
        await using var node = await NodeHarness.Start(V1 with
        {
            Commands = send,
            Receive = "throw new InvalidOperationException(\"bad tick\");",
        });
        var client = await node.Connect();
        await client.Send("fail");
        await node.Until(status => status.DeadLetters == 25);

        // Failed more than five times it is stopped; of 25 the last 20 are named.
        Assert.Equal(6, Read(((INode)node.Node).Metrics())["watchreload_failed_turns_total"]);
        var last = node.Status.LastDeadLetters;
        Assert.All(last, letter => Assert.Equal(("lines#1", "Counting.ConnMessage+Tick"), (letter.Actor, letter.Message)));
        Assert.Equal(["its turn failed", .. Enumerable.Repeat("the actor has stopped", DeadLetter.MostNamed - 1)], last.Select(letter => letter.Reason));
        Assert.Equal(last, last.OrderBy(letter => letter.Time));
    }

    [Fact(Timeout = 120_000)]
    public async Task Every_name_is_documented()
    {
        await using var node = await NodeHarness.Start(V1);
        var operating = await File.ReadAllTextAsync(Path.Combine(Top(), "docs/operating.md"), TestContext.Current.CancellationToken);

        Assert.All(Family().Matches(((INode)node.Node).Metrics()), family => Assert.Contains($"| `{family.Groups[1].Value}`", operating, StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_loopback_port_has_them_too_and_nothing_else()
    {
        var port = FreePort();
        await using var node = new NodeHarness { MetricsPort = port };
        Assert.Null(await node.StartOn(node.Releases.Write(V1.Compile())));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        Assert.Contains("watchreload_version 1\n", await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("/v1/status", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync(new Uri("/metrics", UriKind.Relative), null, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task Node_serves_without_them_when_the_port_is_in_use()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var node = new NodeHarness { MetricsPort = ((IPEndPoint)taken.LocalEndpoint).Port };

        Assert.Null(await node.StartOn(node.Releases.Write(V1.Compile())));

        Assert.Equal("ok", await (await node.Connect()).Ask("add"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Listener_takes_the_socket_that_the_service_manager_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Descriptors are handed on by Unix systems.");
        using var opened = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        opened.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        opened.Listen();
        using var early = new TcpClient();
        await early.ConnectAsync((IPEndPoint)opened.LocalEndPoint!, TestContext.Current.CancellationToken); // before there is a node
        await using var node = new NodeHarness { Sockets = InheritedSockets.Of(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "1", "lines", (int)opened.Handle) };

        Assert.Null(await node.StartOn(node.Releases.Write(V1.Compile())));

        Assert.Equal(opened.LocalEndPoint!.ToString(), Assert.Single(node.Status.Listeners).Endpoint);
        await node.Until(s => s.Connections == 1);
    }

    private static Dictionary<string, double> Read(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != '#')
        .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private static string Top([System.Runtime.CompilerServices.CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));

    [GeneratedRegex(@"^# TYPE (\S+) ", RegexOptions.Multiline)]
    private static partial Regex Family();
}
