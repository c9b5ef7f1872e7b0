namespace WatchReload.Hosting.Kernel;

/// <summary>The first few types of a set that is asked for every message: to compare with them costs less than to look one up. Once they are known nothing is written any more, so all threads may ask at once.</summary>
internal struct FewTypes
{
    /// <summary>More than most behaviors have kinds of messages.</summary>
    private const int Most = 8;

    private Type[] _types;

    public static FewTypes Create() => new() { _types = [] };

    public readonly bool Contains(Type type)
    {
        foreach (var known in _types)
        {
            if (ReferenceEquals(known, type)) return true;
        }

        return false;
    }

    /// <summary>Unless there are as many already. Of two that are added at the same time one may be forgotten: it comes again.</summary>
    public void Add(Type type)
    {
        if (_types.Length < Most && !Contains(type)) _types = [.. _types, type];
    }
}
