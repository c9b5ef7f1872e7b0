namespace WatchReload.Bench.Results;

/// <summary>Collects the values of a case as they come.</summary>
/// <param name="progress">Is told of every row when its first value comes.</param>
internal sealed class Recorder(Action<string>? progress = null)
{
    private readonly List<(string Id, string What, string Unit, bool HigherIsBetter)> _order = [];
    private readonly Dictionary<string, Dictionary<string, List<double>>> _values = [];
    private readonly List<Curve> _curves = [];
    private readonly List<string> _notes = [];
    private readonly List<string> _missing = [];

    /// <summary>Is told when a part of a long case is through.</summary>
    public Action PartEnded { get; set; } = () => { };

    public IReadOnlyList<Row> Rows => [.. _order.Select(o => new Row(o.Id, o.What, o.Unit, o.HigherIsBetter, _values[o.Id].ToDictionary(p => p.Key, p => (IReadOnlyList<double>)p.Value)))];

    public IReadOnlyList<Curve> Curves => _curves;

    public IReadOnlyList<string> Notes => _notes;

    public IReadOnlyList<string> Missing => _missing;

    public void Add(string id, string what, string unit, string peer, double value, bool higherIsBetter = false)
    {
        if (!_values.TryGetValue(id, out var peers))
        {
            if (!id.Contains("phase.", StringComparison.Ordinal)) progress?.Invoke(what);
            _order.Add((id, what, unit, higherIsBetter));
            _values[id] = peers = [];
        }

        if (!peers.TryGetValue(peer, out var values)) peers[peer] = values = [];
        values.Add(Math.Round(value, 4));
    }

    /// <summary>Something that should be 0.</summary>
    public void Count(string id, string what, string peer, double value) => Add(id, what, "", peer, value);

    public void Add(Curve curve) => _curves.Add(curve);

    public void Note(string note)
    {
        if (!_notes.Contains(note)) _notes.Add(note);
    }

    /// <summary>A part of a long case is through: what is there by now may be kept.</summary>
    public void EndPart() => PartEnded();

    public void Miss(string what)
    {
        if (!_missing.Contains(what)) _missing.Add(what);
    }
}
