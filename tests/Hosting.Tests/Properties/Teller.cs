using System.Globalization;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>A client of <see cref="Ledgers"/>, and the model of what it has told them.</summary>
/// <param name="script">Its steps: <see cref="Step"/>.</param>
/// <param name="window">How many lines it sends before it waits for the answer to the first of them.</param>
internal sealed class Teller(int number, LineClient line, int[] script, int window)
{
    private readonly List<int>[] _written = Lists();
    private readonly List<int>[] _passed = Lists();
    private readonly int[] _receipts = new int[Ledgers.Count];

    /// <summary>What is not answered yet, by its id.</summary>
    private readonly Dictionary<int, int> _open = [];
    private int _last;
    private int _answered;
    private int _told;
    private int _passes;
    private int _version;

    public int Number => number;

    /// <summary>How many messages were told and answered.</summary>
    public int Told => Volatile.Read(ref _answered);

    /// <summary>How many messages are dead letters, as their turns threw.</summary>
    public int Thrown { get; private set; }

    /// <summary>A step of a script.</summary>
    public static int Step(int way, int ledger, int how) => ledger + (Ledgers.Count * (how + (4 * way)));

    /// <summary>By itself, in the order in which it told it.</summary>
    public IReadOnlyList<int> Written(int ledger) => _written[ledger];

    /// <summary>By its scribe.</summary>
    public IReadOnlyList<int> Passed(int ledger) => _passed[ledger];

    /// <summary>The last that the ledger has replied to.</summary>
    public int Receipt(int ledger) => _receipts[ledger];

    /// <summary>How many were told of which nobody knows what has become of them: the connection has ended.</summary>
    public int Unanswered => _open.Count;

    /// <summary>Its script over and over; at least once.</summary>
    public async Task Tell(Signals signals)
    {
        try
        {
            do
            {
                foreach (var step in script)
                {
                    if (signals.Pause is { } pause) await WaitAt(pause);
                    await Send(step);
                    if (_open.Count == window) await Receive();
                }
            }
            while (!signals.IsOver);
            while (_open.Count > 0) await Receive();
        }
        catch (IOException) when (signals.NodeStops)
        {
            // The connection has ended.
        }
    }

    public async Task<string> Show(int ledger) => (await line.Ask(string.Create(CultureInfo.InvariantCulture, $"show {ledger}")))!;

    /// <summary>When all has arrived that its scribe had to pass on.</summary>
    public async Task<string> ShowByScribe(int ledger) => (await line.Ask(string.Create(CultureInfo.InvariantCulture, $"pass-show {ledger}")))!;

    /// <summary>What an answer of <see cref="Show"/> has from one client, or scribe.</summary>
    public static IEnumerable<int> Of(int client, string answer) =>
        answer.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(entry => entry.Split(':').Select(int.Parse).ToArray()).Where(entry => entry[0] == client).Select(entry => entry[1]);

    private async Task WaitAt(Pause pause)
    {
        while (_open.Count > 0) await Receive();
        await pause.Wait();
    }

    private async Task Send(int step)
    {
        var (way, ledger, how) = Parts(step);
        _open.Add(++_last, step);
        await line.Send(string.Create(CultureInfo.InvariantCulture, $"{Ledgers.Ways[way]} {_last} {number} {ledger} {how}"));
    }

    /// <summary>An answer to anything that is open: that to what a timer tells may come after later ones.</summary>
    private async Task Receive()
    {
        var answer = (await line.Read() ?? throw new EndOfStreamException($"{_open.Count} answers have not come.")).Split(' ');
        Assert.Equal("ok", answer[0]);
        var (id, n, version, receipt) = (Parse(answer[1]), Parse(answer[2]), Parse(answer[3]), Parse(answer[4]));
        Assert.True(_open.Remove(id, out var step), "an answer came twice");
        var (way, ledger, how) = Parts(step);
        Assert.Equal(way == Ledgers.Pass ? 0 : ++_told, n);
        Assert.Equal(way != Ledgers.Ask ? 0 : how is Ledgers.WrittenAndThrown or Ledgers.Thrown ? -1 : n, receipt);
        if (way != Ledgers.Later) Assert.All(_open, other => Assert.True(other.Key > id || Parts(other.Value).Way == Ledgers.Later, "answers have changed places"));
        Assert.True(version >= _version, "an older version answered after a newer one");
        _version = version;
        if (receipt > 0) _receipts[ledger] = n;
        if (how is Ledgers.WrittenAndThrown or Ledgers.Thrown) Thrown++;
        if (way == Ledgers.Pass) _passes++;
        if (how != Ledgers.Thrown) (way == Ledgers.Pass ? _passed : _written)[ledger].Add(way == Ledgers.Pass ? _passes : n);
        Volatile.Write(ref _answered, _answered + 1);
    }

    private static (int Way, int Ledger, int How) Parts(int step) => (step / Ledgers.Count / 4, step % Ledgers.Count, step / Ledgers.Count % 4);

    private static int Parse(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static List<int>[] Lists() => [.. Enumerable.Range(0, Ledgers.Count).Select(_ => new List<int>())];
}
