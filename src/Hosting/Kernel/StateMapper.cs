namespace WatchReload.Hosting.Kernel;

/// <summary>The way of states of one type into a version.</summary>
internal abstract class StateMapper
{
    /// <summary>The next state; throws when there is none for this one.</summary>
    public abstract object Map(object state);

    /// <summary>Whether all states of the type are small, so that none takes long.</summary>
    public virtual bool IsQuick => false;
}
