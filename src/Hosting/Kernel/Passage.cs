using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// The way from the behaviors of other versions to those of one. Actors that follow each other are mostly of one behavior, so what was looked up for
/// the one before is kept. For one thread.
/// </summary>
internal sealed class Passage(CodeVersion target)
{
    private static int s_last;
    private BehaviorBinding? _from;
    private BehaviorBinding? _to;
    private Type? _state;
    private StateMapper? _mapper;

    /// <summary>Tells it from others; comes again after half a billion.</summary>
    public int Number { get; } = Interlocked.Increment(ref s_last) & 0x1FFFFFFF;

    public CodeVersion Target => target;

    /// <summary>Who is told of actors that have a candidate; null when nobody is.</summary>
    public UpgradeSession? Session { get; init; }

    /// <summary>Nobody wants what is made any more.</summary>
    public CancellationToken GivenUp { get; init; }

    /// <summary>How long the state took that was mapped last; null when none was.</summary>
    public TimeSpan? Took { get; set; }

    /// <summary>The namesake of a behavior in the target; null when it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public BehaviorBinding? NamesakeOf(BehaviorBinding behavior)
    {
        if (ReferenceEquals(behavior, _from)) return _to;
        _to = target.FindBehavior(behavior.Name);
        _from = behavior;
        _state = null;
        return _to;
    }

    /// <summary>The state, which is of the behavior that was asked for last, in the target. Throws when there is no way for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public object Map(object state)
    {
        var type = state.GetType();
        if (!ReferenceEquals(type, _state))
        {
            _mapper = target.MapperOf(type, _to!.StateType);
            _state = type;
        }

        if (_mapper!.IsQuick)
        {
            Took = TimeSpan.Zero;
            return _mapper.Map(state);
        }

        var started = Stopwatch.GetTimestamp();
        var next = _mapper.Map(state);
        Took = Stopwatch.GetElapsedTime(started);
        return next;
    }
}
