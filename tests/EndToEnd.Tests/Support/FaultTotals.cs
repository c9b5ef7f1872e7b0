namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>What the cases of a class come to, told with each.</summary>
internal sealed class FaultTotals
{
    private int _cases;
    private long _before;
    private int _connections = Traffic.Usual;
    private int _died;

    public void Begin() => _cases++;

    /// <summary>The node died, and these connections with it; others come.</summary>
    public void Died(Traffic traffic)
    {
        _before += traffic.Answered;
        _died += traffic.Count;
        _connections += Traffic.Usual;
    }

    /// <summary>A message that is not answered, or not by the next count, has failed the case: what is told here was checked.</summary>
    public void Tell(Traffic traffic) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"So far: {_cases} faults, {_connections} connections of which {_died} ended with their node, {_before + traffic.Answered} answers checked, none lost.");
}
