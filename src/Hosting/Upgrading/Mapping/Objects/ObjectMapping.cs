namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>When the new object of an old one can be referred to, and when it is complete.</summary>
internal enum Making
{
    /// <summary>It is the old one.</summary>
    Shared,

    /// <summary>Complete when made: needs no other object.</summary>
    AtOnce,

    /// <summary>Made empty, referred to at once, filled later. Cycles pass through these.</summary>
    Shell,

    /// <summary>Made last, from complete parts: immutable collections, what Upgrade returns.</summary>
    Late,
}

/// <summary>How objects of one old type become objects of one new type.</summary>
internal abstract class ObjectMapping
{
    public abstract Making Making { get; }

    /// <summary>Whether its parts must be complete before it is: what is made late, and what goes by hash or order of its elements.</summary>
    public virtual bool NeedsOrder => Making == Making.Late;

    /// <summary>Why one that is made late cannot be made, when it would have to be there before.</summary>
    public virtual string NeedsItself => "it cannot be complete before itself: the cycle passes only through immutable collections and Upgrade";

    /// <summary>Makes a complete object without a run.</summary>
    public virtual bool IsFlat => false;

    /// <inheritdoc cref="Conversion.RunsService"/>
    public virtual bool RunsService => false;

    /// <summary>The complete object (at once), or an empty one (shell).</summary>
    public virtual object Make(object old, MappingRun? run) => throw new NotSupportedException();

    /// <summary>Meets every part, so that all are under way; a shell is filled as far as it can be.</summary>
    public virtual void Visit(object old, object? fresh, MappingRun run)
    {
    }

    /// <summary>The complete object, once the parts are. Can run more than once for a shell.</summary>
    public virtual object? Finish(object old, object? fresh, MappingRun run)
    {
        Visit(old, fresh, run);
        return fresh;
    }

    /// <summary>Compiles now what would be compiled on first use.</summary>
    public virtual void Compile()
    {
    }
}

/// <summary>Objects that need no mapping.</summary>
internal sealed class SharedAsIs : ObjectMapping
{
    public static readonly SharedAsIs Instance = new();

    public override Making Making => Making.Shared;
}
