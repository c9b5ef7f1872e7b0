using System.Globalization;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>A client of <see cref="Ledgers"/>, and the model of what it has told them.</summary>
internal sealed class Teller(int number, LineClient line, int[] script)
{
    private readonly List<int>[] _written = [.. Enumerable.Range(0, Ledgers.Count).Select(_ => new List<int>())];
    private int _told;
    private int _version;

    public int Number => number;

    /// <summary>How many messages were told and answered.</summary>
    public int Told => Volatile.Read(ref _told);

    /// <summary>How many messages are dead letters, as their turns threw.</summary>
    public int Thrown { get; private set; }

    public IReadOnlyList<int> Written(int ledger) => _written[ledger];

    /// <summary>Its script over and over; at least once.</summary>
    public async Task Tell(Func<bool> isOver)
    {
        do
        {
            foreach (var step in script) await Tell(step % Ledgers.Count, step / Ledgers.Count);
        }
        while (!isOver());
    }

    public async Task<string> Show(int ledger) => (await line.Ask(string.Create(CultureInfo.InvariantCulture, $"show {ledger}")))!;

    /// <summary>What an answer of <see cref="Show"/> has from one client.</summary>
    public static IEnumerable<int> Of(int client, string answer) =>
        answer.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(entry => entry.Split(':').Select(int.Parse).ToArray()).Where(entry => entry[0] == client).Select(entry => entry[1]);

    private async Task Tell(int ledger, int how)
    {
        var answer = (await line.Ask(string.Create(CultureInfo.InvariantCulture, $"tell {number} {ledger} {how}")))!.Split(' ');
        Assert.Equal(["ok", (++_told).ToString(CultureInfo.InvariantCulture)], answer[..2]);
        var version = int.Parse(answer[2], CultureInfo.InvariantCulture);
        Assert.True(version >= _version, "an older version answered after a newer one");
        _version = version;
        if (how is Ledgers.WrittenAndThrown or Ledgers.Thrown) Thrown++;
        if (how != Ledgers.Thrown) _written[ledger].Add(_told);
    }
}
