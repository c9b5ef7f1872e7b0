namespace WatchReload.Hosting.Tests.Properties;

/// <summary>Clients that tell the <see cref="Ledgers"/> of a node without a pause, and the model of what has come of it.</summary>
internal sealed class Traffic
{
    private readonly NodeHarness _node;
    private readonly List<Teller> _clients = [];
    private readonly List<Task> _telling = [];
    private readonly Signals _signals = new();

    private Traffic(NodeHarness node) => _node = node;

    public static async Task<Traffic> Start(NodeHarness node, int[][] scripts, int window)
    {
        var traffic = new Traffic(node);
        foreach (var script in scripts) traffic._clients.Add(new Teller(traffic._clients.Count, await node.Connect(), script, window));
        traffic._telling.AddRange(traffic._clients.Select(client => Task.Run(() => client.Tell(traffic._signals))));
        return traffic;
    }

    /// <summary>Until each client has had that many more answers.</summary>
    public async Task Goes(int on)
    {
        int[] until = [.. _clients.Select(client => client.Told + on)];
        while (_clients.Where((client, i) => client.Told < until[i]).Any())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            AssertNobodyFailed();
            await Task.Yield();
        }
    }

    /// <summary>Comes to rest, is compared with the model, goes on. Not while actors are parked: those who ask them wait for the next reload.</summary>
    public async Task Compare()
    {
        var pause = new Pause(_clients.Count);
        _signals.Pause = pause;
        var status = _node.Status;
        while (status.ParkedCount == 0 && !(pause.IsReached && status.LateCount == 0))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            AssertNobodyFailed();
            await Task.Yield();
            status = _node.Status;
        }

        if (status.ParkedCount == 0) await AssertModel();
        _signals.Pause = null;
        pause.End();
    }

    public async Task End()
    {
        _signals.IsOver = true;
        await Task.WhenAll(_telling).WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>It ends with the node.</summary>
    public void ExpectEnd() => _signals.NodeStops = true;

    /// <summary>What was told is written, in order, once; no turn was in older code than that of whoever had written to it.</summary>
    public async Task AssertModel()
    {
        for (var ledger = 0; ledger < Ledgers.Count; ledger++)
        {
            // Each client's question comes after all that it has told.
            string[] answers = await Task.WhenAll(_clients.ConvertAll(client => client.Show(ledger)));
            Assert.All(answers, answer => Assert.StartsWith("0 ", answer + " ", StringComparison.Ordinal));
            foreach (var client in _clients) Assert.Equal(client.Written(ledger), Teller.Of(client.Number, answers[client.Number]));
            answers = await Task.WhenAll(_clients.ConvertAll(client => client.ShowByScribe(ledger)));
            foreach (var client in _clients) Assert.Equal(client.Passed(ledger), Teller.Of(client.Number + Ledgers.Scribe, answers[client.Number]));
        }

        Assert.Equal(_clients.Sum(client => client.Thrown), _node.Status.DeadLetters);
        Assert.Empty(_node.Status.Parked);
        Assert.Empty(_node.Status.Late);
    }

    /// <summary>
    /// The node has stopped under the traffic: a ledger has what it was told up to some point, in order, once, and all that it has replied to; what was answered and is not there is a dead letter.
    /// </summary>
    /// <param name="ends">What each ledger had at its end.</param>
    public void AssertStopped(IReadOnlyDictionary<int, string> ends)
    {
        Assert.Equal(Enumerable.Range(0, Ledgers.Count), ends.Keys.Order());
        var missing = 0;
        foreach (var (ledger, end) in ends)
        {
            Assert.StartsWith("0 ", end + " ", StringComparison.Ordinal);
            foreach (var client in _clients)
            {
                var written = Teller.Of(client.Number, end).ToList();
                missing += Missing(client.Written(ledger), written, client.Unanswered) + Missing(client.Passed(ledger), [.. Teller.Of(client.Number + Ledgers.Scribe, end)], client.Unanswered);
                if (client.Receipt(ledger) is > 0 and var receipt) Assert.Contains(receipt, written);
            }
        }

        Assert.InRange(_node.Status.DeadLetters, Math.Max(missing, _clients.Sum(client => client.Thrown)), long.MaxValue);
    }

    private static int Missing(IReadOnlyList<int> told, List<int> written, int unanswered)
    {
        var both = Math.Min(told.Count, written.Count);
        Assert.Equal(told.Take(both), written.Take(both));
        Assert.Equal(written.Distinct().Order(), written);
        Assert.InRange(written.Count - both, 0, unanswered);
        return told.Count - both;
    }

    private void AssertNobodyFailed() => Assert.All(_telling, telling => Assert.False(telling.IsFaulted, telling.Exception?.ToString()));
}
