using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Objects whose types stay are shared with the new version, unless they hold, through a member of an interface or base type, an
/// object of a reloaded type: then they and what leads to it are copied. Only looking can tell.
/// </summary>
internal sealed class SharedRegion
{
    private const int Kept = 1024;
    private Dictionary<object, bool> _clean = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether nothing reloaded can be reached from <paramref name="root"/>, an object of a type that stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsClean(object root, MappingSet set)
    {
        if (!_clean.TryGetValue(root, out var clean))
        {
            Explore(root, set);
            clean = _clean[root];
        }

        return clean;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Clear()
    {
        if (_clean.Count > Kept) _clean = new(ReferenceEqualityComparer.Instance);
        else _clean.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Explore(object root, MappingSet set)
    {
        var leadsHere = new Dictionary<object, List<object>>(ReferenceEqualityComparer.Instance) { [root] = [] };
        var work = new Stack<object>([root]);
        var dirty = new Stack<object>();
        while (work.TryPop(out var owner))
        {
            _clean[owner] = true;
            foreach (var part in set.Reach.Parts(owner))
            {
                var type = part.GetType();
                if (set.Pairs.IsReloaded(type) || (_clean.TryGetValue(part, out var known) && !known)) dirty.Push(owner);
                else if (leadsHere.TryGetValue(part, out var owners)) owners.Add(owner);
                else if (!known && set.Reach.CanReach(type))
                {
                    leadsHere[part] = [owner];
                    work.Push(part);
                }
            }
        }

        while (dirty.TryPop(out var found))
        {
            if (!_clean[found]) continue;
            _clean[found] = false;
            leadsHere[found].ForEach(dirty.Push);
        }
    }
}
