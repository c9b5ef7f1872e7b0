namespace WatchReload.Hosting.Tests.Properties;

/// <summary>Clients that tell the <see cref="Ledgers"/> of a node without a pause, and the model of what has come of it.</summary>
internal sealed class Traffic
{
    private readonly NodeHarness _node;
    private readonly List<Teller> _clients = [];
    private readonly List<Task> _telling = [];
    private volatile bool _isOver;

    private Traffic(NodeHarness node) => _node = node;

    public static async Task<Traffic> Start(NodeHarness node, int[][] scripts, int window)
    {
        var traffic = new Traffic(node);
        foreach (var script in scripts) traffic._clients.Add(new Teller(traffic._clients.Count, await node.Connect(), script, window));
        traffic._telling.AddRange(traffic._clients.Select(client => Task.Run(() => client.Tell(() => traffic._isOver))));
        return traffic;
    }

    /// <summary>Until each client has had that many more answers.</summary>
    public async Task Goes(int on)
    {
        int[] until = [.. _clients.Select(client => client.Told + on)];
        while (_clients.Where((client, i) => client.Told < until[i]).Any())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Assert.All(_telling, telling => Assert.False(telling.IsFaulted, telling.Exception?.ToString()));
            await Task.Yield();
        }
    }

    public async Task End()
    {
        _isOver = true;
        await Task.WhenAll(_telling).WaitAsync(TimeSpan.FromSeconds(60));
    }

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
}
