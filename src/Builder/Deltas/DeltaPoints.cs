using WatchReload.Control;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// What one project's assembly was lately: images that were emitted, and what deltas made of them. Whether a node took a delta is not known here until its next
/// request says what it has loaded; so the points before and after it are both kept, and also the images of releases, which a restart loads.
/// </summary>
internal sealed class DeltaPoints
{
    private const int Kept = 6;
    private readonly List<DeltaPoint> _points = [];

    public DeltaPoint? Newest => _points.Count == 0 ? null : _points[^1];

    /// <summary>Of any of them: a node may have it.</summary>
    public IEnumerable<string> Uses => _points.SelectMany(point => point.Uses);

    public void Add(DeltaPoint point)
    {
        _points.RemoveAll(known => (known.Mvid, known.Generation, known.Id) == (point.Mvid, point.Generation, point.Id));
        _points.Add(point);
        if (_points.Count > Kept)
            _points.RemoveAt(0);
    }

    /// <summary>Only the image that was emitted last is known from now on.</summary>
    public void KeepImage()
    {
        if (_points.FindLast(point => point.Generation == 0) is { } image)
            _points.RemoveAll(point => point != image);
    }

    /// <summary>Null when it is not known: an image of another builder, deltas of another daemon, or long ago.</summary>
    public DeltaPoint? Find(LoadedAssembly loaded)
    {
        var found = _points.Find(point => point.Is(loaded));
        if (found is not null)
        {
            _points.Remove(found);
            _points.Add(found); // in use: the others go first
        }
        return found;
    }
}
