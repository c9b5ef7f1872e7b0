using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>The builder process, as the daemon uses it: started on demand, replaced when it crashes, hangs, grows or has the wrong SDK.</summary>
/// <remarks>
/// Theory of operation. One request is under way, of one builder; and one builder lives, but while another is made ready to take its place. <see cref="BuilderSlot"/> has the one that
/// is there, and replaces it before a request if it will not do; <see cref="BuilderDialog"/> makes the request, after which the builder is idle or dead, so the next one works. One that is too large goes on
/// until another has built the tree too, when nobody else builds (<see cref="BuilderRenewal"/>); a build that comes meanwhile stops that, and is made by the one that is
/// there. What a builder does unasked, in idle time and as a save is noticed, may end it or hang too: the build that finds that out is made by a new one, and tells it as a warning.
/// </remarks>
internal sealed class BuilderHost : IAsyncDisposable
{
    private readonly BuilderSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<BuilderHost> _log;
    private readonly BuilderSlot _slot;
    private readonly BuilderTurn _turn;
    private readonly BuilderDialog _dialog;
    private readonly BuilderRenewal _renewal;
    private (string Project, BuildInputs Inputs)? _inputs;

    public BuilderHost(BuilderSettings settings, TimeProvider time, ILogger<BuilderHost> log)
    {
        (_settings, _time, _log) = (settings, time, log);
        _slot = new BuilderSlot(settings, time, log);
        _turn = new BuilderTurn(_slot);
        _dialog = new BuilderDialog(settings, _slot, time, log);
        _renewal = new BuilderRenewal(_slot, _dialog, _turn, log);
    }

    /// <summary>Of the running builder; null while there is none.</summary>
    public int? ProcessId => _slot.ProcessId;

    /// <summary>Builds. What goes wrong with the build or the builder is in the outcome's diagnostics.</summary>
    /// <exception cref="OperationCanceledException">The build was stopped; the next one works.</exception>
    public Task<BuildOutcome> Build(BuildRequest request, CancellationToken cancellation) => Build(request, null, cancellation);

    /// <param name="request">What to build.</param>
    /// <param name="progress">Told what the builder does, a few times a second.</param>
    /// <param name="cancellation">Stops the build.</param>
    public async Task<BuildOutcome> Build(BuildRequest request, Action<BuildProgress>? progress, CancellationToken cancellation)
    {
        _renewal.Stop();
        using var turn = await _turn.Take(cancellation);
        var before = _slot.Builder;
        var (builder, problem) = await _slot.Ready(request, cancellation);
        BuildOutcome? outcome = null;
        if (builder is not null)
            (outcome, problem) = await _dialog.Ask(builder, "/v1/build", request, progress, cancellation);
        // It had ended while it was idle, or the way to it, and nobody knew; or it did not come to an end with what it did then: that says nothing of this build.
        if (builder is { HasBegun: false } && builder == before && _slot.Builder is null && problem?.Code is BuilderProblems.CrashedCode or BuilderProblems.LostCode or BuilderProblems.NotAskedCode or BuilderProblems.AsideCode)
        {
            _slot.Tell(builder, request.Project, problem);
            (builder, problem) = await _slot.Ready(request, cancellation);
            if (builder is not null)
                (outcome, problem) = await _dialog.Ask(builder, "/v1/build", request, progress, cancellation);
        }

        outcome ??= Failed(request, problem!);
        if (builder is not null)
            builder.IsDefective = outcome.Diagnostics.Any(diagnostic => diagnostic.Code == BuilderDefect.Code);
        var inputs = outcome.Inputs.OrAtLeast(_inputs is { } known && known.Project == request.Project ? known.Inputs : null);
        _inputs = (request.Project, inputs);
        var aside = _slot.TakeAside();
        return outcome with { Inputs = inputs, Diagnostics = aside is null ? outcome.Diagnostics : [.. outcome.Diagnostics, aside] };
    }

    /// <summary>What the analyzers say that the last build did not wait for, or how the builder ended over it; null when the builder that made it is gone.</summary>
    public async Task<BuildOutcome?> Analyze(BuildRequest request, CancellationToken cancellation)
    {
        using var turn = await _turn.Take(cancellation);
        if (_slot.Running is not { } builder)
            return null;
        var (outcome, problem) = await _dialog.Ask(builder, "/v1/analyze", request, null, cancellation);
        return outcome ?? (problem is { Code: not BuilderProblems.EndedCode } ? Failed(request, problem) : null);
    }

    /// <summary>Starts the builder and has it load MSBuild, evaluate the project and compile a little, so that the first build is not slow. What fails here fails again, and is told, in the first build.</summary>
    public async Task WarmUp(BuildRequest request, CancellationToken cancellation)
    {
        using var turn = await _turn.Take(cancellation);
        var (builder, problem) = await _slot.Ready(request, cancellation);
        if (builder is not null)
            problem = (await _dialog.Ask(builder, "/v1/warmup", request, null, cancellation)).Problem;
        if (problem is not null && problem.Code != BuilderProblems.EndedCode)
            BuildingLog.WarmUpFailed(_log, problem.Message);
    }

    /// <summary>There is a builder, and it had grown over its limit when its last request ended.</summary>
    public bool IsTooLarge => _slot.IsTooLarge;

    /// <summary>
    /// Puts another builder in the place of one that is too large, when it has built the tree as it is, and so is as warm as after a start. Until then that one is
    /// there, and one of both builds at a time. What goes wrong is told, and leaves the one that is there, as does a tree that does not build: the one that is there can go on from what it knows.
    /// </summary>
    /// <returns>False: a build came meanwhile, and the one that is there has made it.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<bool> Renew(BuildRequest request, CancellationToken cancellation) => !IsTooLarge || await _renewal.Run(request, cancellation);

    /// <summary>A save was noticed that may not be at its end: a builder that is idle makes what its build will ask for. Nothing depends on it. Null: there is nothing that it can make.</summary>
    public async Task<BuildOutcome?> Anticipate(BuildRequest request, CancellationToken cancellation) => _turn.IsFree ? await AskAside("/v1/anticipate", request, cancellation) : null;

    /// <summary>Waits until what makes the next edit fast is there. False: there is no builder, somebody builds, or it takes longer than an answer may.</summary>
    public async Task<bool> BecomesReady(CancellationToken cancellation)
    {
        if (!_turn.IsFree || _slot.Running is not { } builder)
            return false;
        try
        {
            await builder.Link.Post("/v1/ready", cancellation);
            return true;
        }
        catch (Exception e) when (e is ControlException or ObjectDisposedException)
        {
            return false; // the build finds out what is the matter, and says so
        }
    }

    /// <summary>A round of an exercise: what an edit asks for is asked for of one that nobody has made. It gives way to whoever asks for something. Null: it has, or there is nothing to go on from.</summary>
    public async Task<BuildOutcome?> Practise(BuildRequest request, CancellationToken cancellation) =>
        _turn.IsFree && await AskAside("/v1/practise", request, cancellation) is { Succeeded: true } outcome ? outcome : null;

    /// <summary>Asks for what nobody waits for, and takes no turn. Null: nothing came of it, which the next build gets to the bottom of, or that would not be made by this builder.</summary>
    private async Task<BuildOutcome?> AskAside(string target, BuildRequest request, CancellationToken cancellation)
    {
        if (_slot.Running is not { } builder)
            return null;
        using var deadline = new CancellationTokenSource(_settings.StopTimeout, _time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            await using var lines = await builder.Link.Ask(target, request, patience.Token);
            var isLasting = _slot.IsLasting(builder, request); // found out while it works
            _slot.Measure(); // what it does unasked makes it grow too
            BuildOutcome? outcome = null;
            await foreach (var line in lines.WithCancellation(patience.Token))
                outcome = line.Outcome ?? outcome;
            return isLasting ? outcome : null;
        }
        catch (Exception e) when (e is ControlException or InvalidOperationException or IOException or UnauthorizedAccessException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _renewal.End();
        using var turn = await _turn.Take();
        if (_slot.Builder is { } builder)
            await _slot.LetGo(builder);
    }

    private static BuildOutcome Failed(BuildRequest request, BuildDiagnostic problem) => new()
    {
        Succeeded = false,
        Lane = request.Lane is BuildLane.Auto ? BuildLane.Build : request.Lane,
        Diagnostics = [problem],
        Inputs = new BuildInputs { Projects = [request.Project] },
    };
}
