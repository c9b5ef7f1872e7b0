using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Finds the entry of an old object under one mapping. Most states are a handful of objects: up to <see cref="Few"/> are looked
/// through, which is faster than hashing.
/// </summary>
internal sealed class IdentityMap
{
    private const int Few = 12;
    private const int Kept = 1024;

    private object?[] _keys = new object?[Few];
    private ObjectMapping?[] _mappings = new ObjectMapping?[Few];
    private int[] _next = new int[Few];
    private int[] _buckets = [];
    private int _count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(object old, ObjectMapping mapping)
    {
        if (_buckets.Length == 0)
        {
            for (var i = 0; i < _count; i++)
            {
                if (ReferenceEquals(_keys[i], old) && _mappings[i] == mapping) return i;
            }

            return -1;
        }

        for (var i = _buckets[Bucket(old)] - 1; i >= 0; i = _next[i])
        {
            if (ReferenceEquals(_keys[i], old) && _mappings[i] == mapping) return i;
        }

        return -1;
    }

    /// <summary>The index of the new entry; they are numbered from 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Add(object old, ObjectMapping mapping)
    {
        var index = _count++;
        var grown = index == _keys.Length;
        if (grown) Grow();
        _keys[index] = old;
        _mappings[index] = mapping;
        if (grown || index == Few) Rehash();
        else if (_buckets.Length > 0) Chain(index);
        return index;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Clear()
    {
        if (_keys.Length > Kept)
        {
            _keys = new object?[Few];
            _mappings = new ObjectMapping?[Few];
            _next = new int[Few];
        }
        else
        {
            Array.Clear(_keys, 0, _count);
            Array.Clear(_mappings, 0, _count);
        }

        _buckets = [];
        _count = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Grow()
    {
        var size = _keys.Length * 2;
        Array.Resize(ref _keys, size);
        Array.Resize(ref _mappings, size);
        Array.Resize(ref _next, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rehash()
    {
        _buckets = new int[_keys.Length * 2];
        for (var i = 0; i < _count; i++) Chain(i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Chain(int index)
    {
        ref var bucket = ref _buckets[Bucket(_keys[index]!)];
        _next[index] = bucket - 1;
        bucket = index + 1;
    }

    private uint Bucket(object key) => (uint)RuntimeHelpers.GetHashCode(key) % (uint)_buckets.Length;
}
