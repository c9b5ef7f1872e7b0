using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Finds the entry of an old object under one mapping. Most states are a handful of objects: up to <see cref="Few"/> are looked
/// through, which is faster than hashing. The chains go through the entries themselves.
/// </summary>
internal sealed class IdentityMap(MetObjects met)
{
    private const int Few = 12;
    private const int Kept = 1024;

    private int[] _buckets = [];
    private bool _isHashed;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(object old, ObjectMapping mapping)
    {
        if (!_isHashed)
        {
            for (var i = 0; i < met.Count; i++)
            {
                if (met[i].Is(old, mapping)) return i;
            }

            return -1;
        }

        for (var i = _buckets[Bucket(old)] - 1; i >= 0;)
        {
            ref var there = ref met[i];
            if (there.Is(old, mapping)) return i;
            i = there.Next;
        }

        return -1;
    }

    /// <summary>The last of those that were met.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int index)
    {
        if (_isHashed && index < _buckets.Length) Chain(index);
        else if (_isHashed || index >= Few) Rehash(index + 1);
    }

    /// <summary>So many more are about to be met: they are hashed once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Reserve(int more)
    {
        var count = met.Count + more;
        if (count > Math.Max(Few, _buckets.Length)) Rehash(count);
    }

    /// <summary>Before the entries are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Clear()
    {
        if (_buckets.Length > Kept) _buckets = [];
        else if (_isHashed) Array.Clear(_buckets);
        _isHashed = false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rehash(int count)
    {
        if (count > _buckets.Length) _buckets = new int[Math.Max(count, 2 * Math.Max(Few, _buckets.Length))];
        _isHashed = true;
        for (var i = 0; i < met.Count; i++) Chain(i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Chain(int index)
    {
        ref var there = ref met[index];
        ref var bucket = ref _buckets[Bucket(there.Old)];
        there.Next = bucket - 1;
        bucket = index + 1;
    }

    private uint Bucket(object key) => (uint)RuntimeHelpers.GetHashCode(key) % (uint)_buckets.Length;
}
