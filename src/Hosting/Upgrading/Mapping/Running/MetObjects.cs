using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// The objects that a run has met, numbered as it met them, and the paths to them. They are in blocks: none is copied when there are
/// more, and no block is so large that it would count as one of the runtime's large objects.
/// </summary>
internal sealed class MetObjects
{
    private const int Fewest = 8;
    private const int BlockBits = 10;
    private const int BlockSize = 1 << BlockBits;
    private readonly IdentityMap _identity;
    private MetObject[][] _blocks = [new MetObject[Fewest]];

    public MetObjects() => _identity = new IdentityMap(this);

    public int Count { get; private set; }

    /// <summary>Not to be kept over an <see cref="Add"/>: the first block grows.</summary>
    public ref MetObject this[int index] => ref _blocks[index >> BlockBits][index & (BlockSize - 1)];

    /// <summary>-1: not met yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(object old, ObjectMapping mapping) => _identity.Find(old, mapping);

    /// <summary>So many more may be met soon.</summary>
    public void Reserve(int more) => _identity.Reserve(more);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Add(in MetObject met)
    {
        var index = Count;
        var (block, at) = (index >> BlockBits, index & (BlockSize - 1));
        if (block == 0)
        {
            if (at == _blocks[0].Length) Array.Resize(ref _blocks[0], at * 2);
        }
        else if (at == 0)
        {
            if (block == _blocks.Length) Array.Resize(ref _blocks, block * 2);
            _blocks[block] = new MetObject[BlockSize];
        }

        _blocks[block][at] = met;
        Count = index + 1;
        _identity.Add(index);
        return index;
    }

    public string PathTo(int index)
    {
        var segments = new Stack<string>();
        while (index >= 0)
        {
            var met = this[index];
            segments.Push(met.Via.Label);
            if (IsCollection(met.Parent)) segments.Push(ElementPath.Of(this[met.Parent].Old, met.Element));
            index = met.Parent;
        }

        return string.Concat(segments);
    }

    public bool IsCollection(int index) => index >= 0 && this[index].Mapping is ContainerMapping or GridMapping;

    /// <summary>The first block stays for the next run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Clear()
    {
        _identity.Clear();
        Array.Clear(_blocks[0], 0, Math.Min(Count, BlockSize));
        if (_blocks.Length > 1) _blocks = [_blocks[0]];
        Count = 0;
    }
}
