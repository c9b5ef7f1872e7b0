using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>The builder process, as the daemon uses it: started on demand, replaced when it crashes, hangs, grows or has the wrong SDK.</summary>
/// <remarks>
/// Theory of operation. One request is under way, of one builder; and one builder lives, but while another is made ready to take its place. Before a request the
/// builder is looked at, and replaced if it has ended, is far too large, failed in itself, or was started under another SDK selection. One that is too large goes on
/// until another has built the tree too, when nobody else builds (<see cref="Renew"/>); a build that comes meanwhile stops that, and is made by the one that is
/// there. During a request the only judge is silence: every line from the builder puts the deadline
/// off. However a request ends, the builder is then either idle or dead; so the next request works. What a builder does unasked, in idle time and as a save is
/// noticed, may end it or hang too: the build that finds that out is made by a new one, and tells it as a warning.
/// </remarks>
internal sealed class BuilderHost(BuilderSettings settings, TimeProvider time, ILogger<BuilderHost> log) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1); // not disposed: it has no handle, and a late caller may still wait for it
    private readonly Lock _renewing = new();
    private CancellationTokenSource? _renewal;
    private BuilderProcess? _builder;
    private BuilderSeat _seat;
    private (string Project, BuildInputs Inputs)? _inputs;
    private BuildDiagnostic? _aside;
    private int _asked;

    /// <summary>Working set in bytes, of the builder that is there; 0 for none.</summary>
    private long _size;

    /// <summary>Of the running builder; null while there is none.</summary>
    public int? ProcessId => _builder is { HasExited: false } builder ? builder.Id : null;

    /// <summary>Builds. What goes wrong with the build or the builder is in the outcome's diagnostics.</summary>
    /// <exception cref="OperationCanceledException">The build was stopped; the next one works.</exception>
    public Task<BuildOutcome> Build(BuildRequest request, CancellationToken cancellation) => Build(request, null, cancellation);

    /// <param name="request">What to build.</param>
    /// <param name="progress">Told what the builder does, a few times a second.</param>
    /// <param name="cancellation">Stops the build.</param>
    public async Task<BuildOutcome> Build(BuildRequest request, Action<BuildProgress>? progress, CancellationToken cancellation)
    {
        StopRenewal();
        await _turn.WaitAsync(cancellation);
        try
        {
            var before = _builder;
            var (builder, problem) = await Ready(request, cancellation);
            BuildOutcome? outcome = null;
            if (builder is not null)
                (outcome, problem) = await Ask(builder, "/v1/build", request, progress, cancellation);
            // It had ended while it was idle, or the way to it, and nobody knew; or it did not come to an end with what it did then: that says nothing of this build.
            if (builder is { HasBegun: false } && builder == before && _builder is null && problem?.Code is BuilderProblems.CrashedCode or BuilderProblems.LostCode or BuilderProblems.NotAskedCode or BuilderProblems.AsideCode)
            {
                _aside = Aside(builder, request.Project, problem) ?? _aside;
                (builder, problem) = await Ready(request, cancellation);
                if (builder is not null)
                    (outcome, problem) = await Ask(builder, "/v1/build", request, progress, cancellation);
            }

            outcome ??= Failed(request, problem!);
            if (builder is not null)
                builder.IsDefective = outcome.Diagnostics.Any(diagnostic => diagnostic.Code == BuilderDefect.Code);
            var inputs = outcome.Inputs.OrAtLeast(_inputs is { } known && known.Project == request.Project ? known.Inputs : null);
            _inputs = (request.Project, inputs);
            var aside = Interlocked.Exchange(ref _aside, null);
            return outcome with { Inputs = inputs, Diagnostics = aside is null ? outcome.Diagnostics : [.. outcome.Diagnostics, aside] };
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>What the analyzers say that the last build did not wait for, or how the builder ended over it; null when the builder that made it is gone.</summary>
    public async Task<BuildOutcome?> Analyze(BuildRequest request, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_builder is not { HasExited: false } builder)
                return null;
            var (outcome, problem) = await Ask(builder, "/v1/analyze", request, null, cancellation);
            return outcome ?? (problem is { Code: not BuilderProblems.EndedCode } ? Failed(request, problem) : null);
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>Starts the builder and has it load MSBuild, evaluate the project and compile a little, so that the first build is not slow. What fails here fails again, and is told, in the first build.</summary>
    public async Task WarmUp(BuildRequest request, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var (builder, problem) = await Ready(request, cancellation);
            if (builder is not null)
                problem = (await Ask(builder, "/v1/warmup", request, null, cancellation)).Problem;
            if (problem is not null && problem.Code != BuilderProblems.EndedCode)
                BuildingLog.WarmUpFailed(log, problem.Message);
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>There is a builder, and it had grown over its limit when its last request ended.</summary>
    public bool IsTooLarge => Volatile.Read(ref _size) > settings.MemoryLimit;

    /// <summary>
    /// Puts another builder in the place of one that is too large, when it has built the tree as it is, and so is as warm as after a start. Until then that one is
    /// there, and one of both builds at a time. What goes wrong is told, and leaves the one that is there, as does a tree that does not build: the one that is there can go on from what it knows.
    /// </summary>
    /// <returns>False: a build came meanwhile, and the one that is there has made it.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<bool> Renew(BuildRequest request, CancellationToken cancellation)
    {
        if (!IsTooLarge)
            return true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_renewing)
        {
            if (_renewal is not null)
                return false;
            _renewal = stop;
        }

        try
        {
            await MakeReady(request, _seat.Other(), stop.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            lock (_renewing)
                _renewal = null;
        }
    }

    /// <summary>A save was noticed that may not be at its end: a builder that is idle makes ready what its build will ask for. Nothing depends on it.</summary>
    public async Task Anticipate(CancellationToken cancellation)
    {
        if (_turn.CurrentCount == 0 || _builder is not { HasExited: false } builder)
            return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(settings.StopTimeout);
        try
        {
            await builder.Link.Post("/v1/anticipate", patience.Token);
        }
        catch (Exception e) when (e is ControlException or OperationCanceledException or ObjectDisposedException)
        {
            // The build finds out what is the matter, and says so.
        }
    }

    public async ValueTask DisposeAsync()
    {
        StopRenewal();
        await _turn.WaitAsync();
        try
        {
            if (_builder is { } builder)
                await LetGo(builder);
        }
        finally
        {
            EndTurn();
        }
    }

    private async Task MakeReady(BuildRequest request, BuilderSeat seat, CancellationToken cancellation)
    {
        var (next, problem) = await BuilderProcess.Start(settings with { Seat = seat }, SdkSelection.For(Path.GetDirectoryName(request.Project)!), time, log, cancellation);
        if (next is null)
        {
            BuildingLog.NotRenewed(log, problem!.Message);
            return;
        }

        var leaves = next;
        try
        {
            await _turn.WaitAsync(cancellation); // it writes where builds write
            try
            {
                (var outcome, problem) = await Ask(next, "/v1/build", request, null, cancellation);
                problem ??= outcome?.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Code == BuilderDefect.Code);
                if (problem is not null)
                    BuildingLog.NotRenewed(log, problem.Message);
                else if (outcome is { Succeeded: false })
                    BuildingLog.NotRenewed(log, "the tree does not build, so that it would know nothing of it; tried again after the next change");
                else if (_builder is { HasExited: false } before)
                {
                    BuildingLog.Renewed(log, before.Id, before.Memory / (1024 * 1024), next.Id);
                    (leaves, _builder, _seat) = (before, next, seat);
                }
            }
            finally
            {
                EndTurn();
            }
        }
        finally
        {
            await leaves.DisposeAsync();
        }
    }

    private void StopRenewal()
    {
        lock (_renewing)
            _ = _renewal?.CancelAsync(); // what follows of it is not for the thread of a build that is to be quick
    }

    private void EndTurn()
    {
        Volatile.Write(ref _size, _builder is { HasExited: false } builder ? builder.Memory : 0);
        _turn.Release();
    }

    private async Task<(BuilderProcess? Builder, BuildDiagnostic? Problem)> Ready(BuildRequest request, CancellationToken cancellation)
    {
        var sdk = SdkSelection.For(Path.GetDirectoryName(request.Project)!);
        if (_builder is not null && Replace(_builder, sdk) is { } reason)
        {
            BuildingLog.Replacing(log, _builder.Id, reason);
            var (before, hasEnded) = (_builder, _builder.HasExited);
            await LetGo(before); // after that it has said all
            if (hasEnded)
                _aside = BuilderProblems.EndedAside(request.Project, before.ExitCode ?? 0, before.LastWords, before.LaterLogPath);
        }
        if (_builder is not null)
            return (_builder, null);
        var started = await BuilderProcess.Start(settings with { Seat = _seat }, sdk, time, log, cancellation);
        _builder = started.Builder;
        return started;
    }

    private static BuildDiagnostic? Aside(BuilderProcess builder, string project, BuildDiagnostic problem) => problem.Code switch
    {
        BuilderProblems.AsideCode => problem,
        BuilderProblems.CrashedCode => BuilderProblems.EndedAside(project, builder.ExitCode ?? 0, builder.LastWords, builder.LaterLogPath),
        _ => null, // the way to it was lost
    };

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

    /// <summary>An outcome, a problem with the builder, or neither after a warm-up.</summary>
    private async Task<(BuildOutcome? Outcome, BuildDiagnostic? Problem)> Ask(BuilderProcess builder, string target, BuildRequest request, Action<BuildProgress>? progress, CancellationToken cancellation)
    {
        var last = new BuildProgress("start", request.Project);
        request = request with { Number = ++_asked };
        builder.HasBegun = false;
        using var silence = new CancellationTokenSource(settings.HangTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        try
        {
            await using var lines = await builder.Link.Ask(target, request, either.Token);
            BuildOutcome? outcome = null;
            await foreach (var line in lines.WithCancellation(either.Token))
            {
                builder.HasBegun |= line.Progress is not { IsAwaited: true };
                silence.CancelAfter(Patience(line.Progress));
                outcome = line.Outcome ?? outcome;
                last = line.Progress ?? last;
                if (line.Progress is { } activity)
                    progress?.Invoke(activity);
            }
            return (outcome, outcome is null ? BuilderProblems.Ended(request.Project) : null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Quiet(builder, request.Number);
            throw;
        }
        catch (OperationCanceledException)
        {
            BuildingLog.Hung(log, builder.Id, last.Activity, last.Project, Patience(last).TotalSeconds);
            await Discard(builder);
            return (null, last.IsAwaited ? BuilderProblems.HungAside(request.Project, last, Patience(last)) : BuilderProblems.Hung(request.Project, last, settings.HangTimeout));
        }
        catch (StateException e)
        {
            if (!IsStateUnfit())
            {
                await Discard(builder); // what it left there, or another has put there, goes with it
                BuildingLog.NoAnswer(log, builder.Id, e.Message);
            }

            return (null, BuilderProblems.NotAsked(e));
        }
        catch (ControlException e)
        {
            var ended = await builder.EndOfItself(); // before it is ended here, which gives an exit code too
            await Discard(builder);
            if (ended is { } code)
            {
                BuildingLog.Lost(log, builder.Id, code, e.Message);
                return (null, BuilderProblems.Crashed(request.Project, last, code, builder.LastWords, builder.LogPath));
            }

            BuildingLog.NoAnswer(log, builder.Id, e.Message);
            return (null, BuilderProblems.Lost(request.Project, last, e.Message, builder.LastWords, builder.LogPath));
        }
    }

    private TimeSpan Patience(BuildProgress? last) => last is { IsAwaited: true } && settings.AsideTimeout < settings.HangTimeout ? settings.AsideTimeout : settings.HangTimeout;

    /// <summary>Then no builder is to blame, and a new one would not be asked either.</summary>
    private bool IsStateUnfit()
    {
        try
        {
            OwnedPath.EnsureState(settings.State);
            if (settings.User is null)
                Cookie.Load(settings.State);
            return false;
        }
        catch (StateException)
        {
            return true;
        }
    }

    /// <summary>After a cancellation: the builder is idle again, or gone.</summary>
    private async Task Quiet(BuilderProcess builder, int request)
    {
        builder.Cancel(request);
        using var deadline = new CancellationTokenSource(settings.StopTimeout, time);
        try
        {
            await builder.Link.Post("/v1/cancel", deadline.Token);
        }
        catch (Exception e) when (e is ControlException or OperationCanceledException)
        {
            BuildingLog.DoesNotStop(log, builder.Id);
            await Discard(builder);
        }
    }

    private async Task Discard(BuilderProcess builder)
    {
        builder.Kill();
        await LetGo(builder);
    }

    /// <summary>First: whatever becomes of its end, it is not asked again.</summary>
    private async Task LetGo(BuilderProcess builder)
    {
        if (_builder == builder)
            _builder = null;
        await builder.DisposeAsync();
    }

    private static BuildOutcome Failed(BuildRequest request, BuildDiagnostic problem) => new()
    {
        Succeeded = false,
        Lane = request.Lane is BuildLane.Auto ? BuildLane.Build : request.Lane,
        Diagnostics = [problem],
        Inputs = new BuildInputs { Projects = [request.Project] },
    };
}
