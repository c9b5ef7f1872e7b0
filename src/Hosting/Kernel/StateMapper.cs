namespace WatchReload.Hosting.Kernel;

/// <summary>The way of states of one type into a version.</summary>
internal abstract class StateMapper
{
    /// <summary>The next state; throws when there is none for this one.</summary>
    public abstract object Map(object state);

    /// <summary>Whether no state of the type can take long: all are small, and nothing of the service's own code runs for them.</summary>
    public virtual bool IsQuick => false;
}
