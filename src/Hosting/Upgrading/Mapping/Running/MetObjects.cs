using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>The objects that a run has met, numbered as it met them, and the paths to them.</summary>
internal sealed class MetObjects
{
    private const int Fewest = 8;
    private const int Kept = 1024;
    private readonly IdentityMap _identity = new();
    private MetObject[] _all = new MetObject[Fewest];

    public int Count { get; private set; }

    /// <summary>Not to be kept over an <see cref="Add"/>, which may move it.</summary>
    public ref MetObject this[int index] => ref _all[index];

    /// <summary>-1: not met yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(object old, ObjectMapping mapping) => _identity.Find(old, mapping);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Add(in MetObject met)
    {
        var index = _identity.Add(met.Old, met.Mapping);
        if (index == _all.Length) Array.Resize(ref _all, index * 2);
        _all[index] = met;
        Count = index + 1;
        return index;
    }

    public string PathTo(int index)
    {
        var segments = new Stack<string>();
        while (index >= 0)
        {
            var met = _all[index];
            segments.Push(met.Via.Label);
            if (IsCollection(met.Parent)) segments.Push(ElementPath.Of(_all[met.Parent].Old, met.Element));
            index = met.Parent;
        }

        return string.Concat(segments);
    }

    public bool IsCollection(int index) => index >= 0 && _all[index].Mapping is ContainerMapping or GridMapping;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Clear()
    {
        _identity.Clear();
        if (_all.Length > Kept) _all = new MetObject[Fewest];
        else Array.Clear(_all, 0, Count);
        Count = 0;
    }
}
