using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>What the kernel knows of a version: its number, its behaviors, and how data of other versions becomes data of this one.</summary>
internal abstract class CodeVersion(int number)
{
    private int _actors;

    public int Number { get; } = number;

    /// <summary>The version's container.</summary>
    public abstract IServiceProvider Services { get; }

    /// <summary>Actors whose state is of this version, and connections of others that its framing cuts.</summary>
    public int Actors => Volatile.Read(ref _actors);

    /// <summary>It was replaced, or refused: nothing begins on it any more.</summary>
    public virtual bool IsRetired => false;

    /// <summary>
    /// Whether actors whose behavior it does not have are stopped when it becomes current, and timers whose message it does not know: an older release cannot know what came
    /// after it. Otherwise they are a reason to refuse it.
    /// </summary>
    public virtual bool StopsUnknown => false;

    /// <summary>The behavior of that full name, or null.</summary>
    public abstract BehaviorBinding? FindBehavior(string name);

    /// <summary>Whether the type is of a reloaded assembly that this version does not have.</summary>
    public abstract bool IsForeign(Type type);

    /// <summary>Whether an object of exactly that type may be of another version or hold what is, so that it is to be mapped. Asked while the version is current.</summary>
    public virtual bool MayDiffer(Type type) => IsForeign(type);

    /// <summary>Whether it has what the type, of another version, corresponds to.</summary>
    public virtual bool Knows(Type type) => true;

    /// <summary>Maps data of another version. Throws when there is no way.</summary>
    public abstract object Map(object value, Type? target = null);

    /// <summary>The same for many states of exactly one type.</summary>
    public virtual StateMapper MapperOf(Type from, Type to) => new OneByOne(this, to);

    /// <summary>The options declared for that role, or those that hold without a declaration.</summary>
    public abstract FailureOptions FailureOptions(ActorRole role);

    /// <summary>The declared first state of a named actor.</summary>
    public abstract object FirstState(string name);

    /// <summary>The behavior that a listener's new connections get, or null when it is not declared.</summary>
    public abstract BehaviorBinding? AcceptBehavior(string listener);

    /// <summary>The first state of a listener's new connection.</summary>
    public abstract object FirstState(string listener, AcceptedConnection connection);

    public virtual void ActorJoined() => Interlocked.Increment(ref _actors);

    public void ActorLeft()
    {
        if (Interlocked.Decrement(ref _actors) == 0) LastActorLeft();
    }

    /// <summary>No actor is of this version at the moment.</summary>
    protected virtual void LastActorLeft()
    {
    }

    private sealed class OneByOne(CodeVersion version, Type to) : StateMapper
    {
        public override object Map(object state) => version.Map(state, to);
    }
}

/// <summary>What happens to an actor that fails more than <paramref name="Max"/> times within <paramref name="Within"/>.</summary>
internal sealed record FailureOptions(FailurePolicy Policy, int Max, TimeSpan Within)
{
    public static readonly FailureOptions OfNamed = new(FailurePolicy.Restart, 5, TimeSpan.FromMinutes(1));
    public static readonly FailureOptions OfOthers = new(FailurePolicy.Stop, 5, TimeSpan.FromMinutes(1));
}
