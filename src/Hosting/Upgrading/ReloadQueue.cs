using WatchReload.Control;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// The reloads that wait for their turn: of several only the newest, by its fence, is done. Nobody gives way to one that the node would
/// refuse, or whose asker has gone.
/// </summary>
internal sealed class ReloadQueue
{
    private readonly HashSet<Place> _waiting = [];

    /// <summary>The caller's place.</summary>
    public Place Enter(ReloadRequest request)
    {
        var place = new Place(request);
        lock (_waiting) _waiting.Add(place);
        return place;
    }

    /// <summary>Its turn has come. False: a newer one waits, or was first.</summary>
    /// <param name="place">The caller's.</param>
    /// <param name="isMeant">Whether a request is meant for the node as it is now.</param>
    public bool Begin(Place place, Func<ReloadRequest, bool> isMeant)
    {
        lock (_waiting)
        {
            _waiting.Remove(place);
            if (place.IsOvertaken) return false;
            if (_waiting.Where(other => other.Request.Fence > place.Request.Fence && isMeant(other.Request)).MaxBy(other => other.Request.Fence) is { } newest)
            {
                newest.IsOwed = true;
                return false;
            }

            if (!isMeant(place.Request)) return true;
            foreach (var other in _waiting.Where(other => other.Request.Fence < place.Request.Fence)) other.IsOvertaken = true;
            return true;
        }
    }

    /// <summary>Its asker has gone. False: it is to be done all the same, as an older one has given way to it.</summary>
    public bool Leave(Place place)
    {
        lock (_waiting)
        {
            if (!place.IsOwed) _waiting.Remove(place);
            return !place.IsOwed;
        }
    }

    /// <summary>A reload that waits.</summary>
    internal sealed class Place(ReloadRequest request)
    {
        public ReloadRequest Request => request;

        /// <summary>An older one has ended in favour of it.</summary>
        public bool IsOwed { get; set; }

        /// <summary>A newer one came to its turn first.</summary>
        public bool IsOvertaken { get; set; }
    }
}
