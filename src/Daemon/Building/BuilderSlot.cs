using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>Holds the one builder: started when it is wanted, and replaced if it has ended, is far too large, failed in itself, or was started under another SDK selection.</summary>
/// <remarks>Changed only by whoever has the turn, but for the size that is measured; <see cref="Running"/>, <see cref="ProcessId"/>, <see cref="IsTooLarge"/> and <see cref="OtherSeat"/> may be looked at by anybody, and another builder be started.</remarks>
internal sealed class BuilderSlot(BuilderSettings settings, TimeProvider time, ILogger log)
{
    private BuilderSeat _seat;
    private BuildDiagnostic? _aside;

    /// <summary>Working set in bytes, of the builder that is there; 0 for none.</summary>
    private long _size;

    /// <summary>The builder that is there; it may have ended.</summary>
    public BuilderProcess? Builder { get; private set; }

    /// <summary>It has not ended, as far as is known.</summary>
    public BuilderProcess? Running => Builder is { HasExited: false } builder ? builder : null;

    /// <summary>Of the running builder; null while there is none.</summary>
    public int? ProcessId => Running?.Id;

    /// <summary>There is a builder, and it had grown over its limit when it was last measured.</summary>
    public bool IsTooLarge => Volatile.Read(ref _size) > settings.MemoryLimit;

    /// <summary>Where another can be started while this one is there.</summary>
    public BuilderSeat OtherSeat => _seat.Other();

    /// <summary>The builder to ask, another than before where that one will not do, or why there is none.</summary>
    public async Task<(BuilderProcess? Builder, BuildDiagnostic? Problem)> Ready(BuildRequest request, CancellationToken cancellation)
    {
        var sdk = SdkSelection.For(Path.GetDirectoryName(request.Project)!);
        if (Builder is not null && Replace(Builder, sdk) is { } reason)
        {
            BuildingLog.Replacing(log, Builder.Id, reason);
            var (before, hasEnded) = (Builder, Builder.HasExited);
            await LetGo(before); // after that it has said all
            if (hasEnded)
                _aside = BuilderProblems.EndedAside(request.Project, before.ExitCode ?? 0, before.LastWords, before.LaterLogPath);
        }
        if (Builder is not null)
            return (Builder, null);
        var started = await Start(_seat, sdk, cancellation);
        Builder = started.Builder;
        return started;
    }

    /// <summary>The next build would be asked of it still.</summary>
    public bool IsLasting(BuilderProcess builder, BuildRequest request) => Replace(builder, SdkSelection.For(Path.GetDirectoryName(request.Project)!)) is null;

    /// <summary>Another than the one that is there, for <see cref="OtherSeat"/>.</summary>
    public Task<(BuilderProcess? Builder, BuildDiagnostic? Problem)> Start(BuildRequest request, BuilderSeat seat, CancellationToken cancellation) =>
        Start(seat, SdkSelection.For(Path.GetDirectoryName(request.Project)!), cancellation);

    /// <summary>Puts one that was started for that seat in the place of the one that is there.</summary>
    /// <returns>The one that was there, if any, for the caller to end or to bury.</returns>
    public BuilderProcess? Put(BuilderProcess next, BuilderSeat seat)
    {
        var before = Builder;
        (Builder, _seat) = (next, seat);
        if (before is { HasExited: false })
            BuildingLog.Renewed(log, before.Id, before.Memory / (1024 * 1024), next.Id);
        else
            BuildingLog.TookOver(log, next.Id);
        return before;
    }

    /// <summary>One that ended of itself while another was made ready: the next build tells.</summary>
    public async Task Bury(BuilderProcess ended, string project)
    {
        await ended.DisposeAsync(); // after that it has said all
        _aside ??= BuilderProblems.EndedTooLarge(project, ended.ExitCode ?? 0, ended.LastWords, ended.LogPath);
    }

    /// <summary>A builder ended, or had to be, over what it did unasked: told with the next build.</summary>
    public void Tell(BuilderProcess builder, string project, BuildDiagnostic problem) => _aside = Aside(builder, project, problem) ?? _aside;

    /// <summary>What is to be told, once.</summary>
    public BuildDiagnostic? TakeAside() => Interlocked.Exchange(ref _aside, null);

    public async Task Discard(BuilderProcess builder)
    {
        builder.Kill();
        await LetGo(builder);
    }

    /// <summary>First: whatever becomes of its end, it is not asked again.</summary>
    public async Task LetGo(BuilderProcess builder)
    {
        if (Builder == builder)
            Builder = null;
        await builder.DisposeAsync();
    }

    /// <summary>By anybody. Of one that is seen to be replaced meanwhile nothing is noted.</summary>
    public void Measure()
    {
        var measured = Running;
        var size = measured?.Memory ?? 0;
        if (measured == Running)
            Volatile.Write(ref _size, size);
    }

    private Task<(BuilderProcess? Builder, BuildDiagnostic? Problem)> Start(BuilderSeat seat, string sdk, CancellationToken cancellation) =>
        BuilderProcess.Start(settings with { Seat = seat }, sdk, time, log, cancellation);

    private string? Replace(BuilderProcess builder, string sdk)
    {
        if (builder.HasExited)
            return $"it ended with exit code {builder.ExitCode}";
        if (builder.IsDefective)
            return "it failed in itself";
        if (builder.SdkSelection != sdk)
            return "global.json or the installed SDKs changed";
        var memory = builder.Memory;
        return memory > settings.FarTooLarge * settings.MemoryLimit ? $"it uses {memory / (1024 * 1024)} MiB" : null;
    }

    private static BuildDiagnostic? Aside(BuilderProcess builder, string project, BuildDiagnostic problem) => problem.Code switch
    {
        BuilderProblems.AsideCode => problem,
        BuilderProblems.CrashedCode => BuilderProblems.EndedAside(project, builder.ExitCode ?? 0, builder.LastWords, builder.LaterLogPath),
        _ => null, // the way to it was lost
    };
}
