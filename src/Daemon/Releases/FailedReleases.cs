using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>
/// The releases whose content failed on trial. Each save that goes by deltas asks for them, and a release is never another than it was: so their manifests are read
/// when any has come or gone, or failed, and not before.
/// </summary>
internal sealed class FailedReleases(StateDirectory state, ReleaseCatalog catalog)
{
    private Known? _known;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Release> Read()
    {
        var (bad, numbers) = (BadReleases.Read(state), catalog.Numbers());
        if (_known is not { } known || !known.Bad.SetEquals(bad) || !known.Numbers.SequenceEqual(numbers))
            _known = known = new Known(bad, numbers, [.. catalog.Read().Where(r => bad.Contains(r.Manifest.ContentHash))]);
        return known.Releases;
    }

    private sealed record Known(IReadOnlySet<string> Bad, IReadOnlyList<long> Numbers, IReadOnlyList<Release> Releases);
}
