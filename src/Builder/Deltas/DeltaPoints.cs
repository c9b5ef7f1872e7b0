using WatchReload.Control;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// What one project's assembly was lately: images that were emitted, and what deltas made of them. Whether a node took a delta is not known here until its next
/// request says what it has loaded; so the points before and after it are both kept, and also the images of releases, which a restart loads. A delta that nobody has asked for may be
/// taken as well, and mostly is, but is no point that anything is made from before somebody says so.
/// </summary>
internal sealed class DeltaPoints
{
    private const int Kept = 6;
    private const int Offered = 2;
    private readonly List<DeltaPoint> _points = [];
    private readonly List<DeltaPoint> _offered = [];

    public DeltaPoint? Newest => _points.Count == 0 ? null : _points[^1];

    /// <summary>Of any of them: a node may have it.</summary>
    public IEnumerable<string> Uses => _points.Concat(_offered).SelectMany(point => point.Uses);

    /// <inheritdoc cref="Uses"/>
    public IEnumerable<Microsoft.CodeAnalysis.CSharp.CSharpCompilation> Compilations => _points.Concat(_offered).Select(point => point.Compilation);

    public void Add(DeltaPoint point)
    {
        _offered.RemoveAll(point.Is);
        Put(_points, point, Kept);
    }

    /// <summary>A node may take the delta to that though nobody has asked for it.</summary>
    public void Offer(DeltaPoint point) => Put(_offered, point, Offered);

    /// <summary>Only the image that was emitted last is known from now on.</summary>
    public void KeepImage()
    {
        if (_points.FindLast(point => point.Generation == 0) is { } image)
            _points.RemoveAll(point => point != image);
        _offered.Clear();
    }

    /// <summary>Null when it is not known: an image of another builder, deltas of another daemon, or long ago.</summary>
    public DeltaPoint? Find(LoadedAssembly loaded)
    {
        var found = _points.Find(point => point.Is(loaded)) ?? _offered.Find(point => point.Is(loaded));
        if (found is not null)
            Add(found); // in use: the others go first
        return found;
    }

    private static void Put(List<DeltaPoint> points, DeltaPoint point, int most)
    {
        points.RemoveAll(point.Is);
        points.Add(point);
        if (points.Count > most)
            points.RemoveAt(0);
    }
}
