using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <param name="State">The state directory that builder and daemon share.</param>
internal sealed record BuilderSettings(StateDirectory State)
{
    /// <summary>The builder's own assembly; in the daemon's output it lies under <c>builder/</c>.</summary>
    public string Assembly { get; init; } = Path.Combine(AppContext.BaseDirectory, "builder", "WatchReload.Builder.dll");

    /// <summary>The user that builds; null: the one of this process.</summary>
    public BuildUser? User { get; init; }

    /// <summary>Of the checkout, which another user that builds must not be able to change; null: none is known.</summary>
    public string? Top { get; init; }

    /// <summary>How long a started builder may take until its pipe answers.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A build that reports nothing for so long counts as hung; its builder is killed.</summary>
    public TimeSpan HangTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a cancelled build, or a builder that is told to end, may take to do so before the builder is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What a builder does unasked, ahead of the next build, may take so long to give way to it before the builder is killed and the build goes to another.</summary>
    public TimeSpan AsideTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>One of two names, for pipe and log: while a builder is made ready to take another one's place, both are there.</summary>
    public BuilderSeat Seat { get; init; }

    /// <summary>Working set, in bytes, above which the builder is replaced when edits pause.</summary>
    public long MemoryLimit { get; init; } = 1536L * 1024 * 1024;

    /// <summary>Times <see cref="MemoryLimit"/>: a builder that has grown so far makes no further build, for where builds never pause it would not be replaced.</summary>
    public double FarTooLarge { get; init; } = 1.5;
}
