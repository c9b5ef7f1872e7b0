using System.Runtime.CompilerServices;
using Microsoft.Build.Locator;
using Microsoft.Extensions.Logging;
using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Sdk;
using WatchReload.Control;

namespace WatchReload.Builder;

/// <summary>
/// Registers the SDK that the first request's project resolves to, then builds with it. One SDK a process: for another one the daemon starts
/// another builder. No type of MSBuild may be touched before the registration, so all of them are behind <see cref="BuildSession"/>.
/// </summary>
internal sealed class BuildWork(TimeProvider time, ILogger log) : IBuildWork
{
    private readonly Whereabouts _where = new();
    private BuildSession? _session;
    private volatile bool _canAnticipate;
    private volatile bool _isReady;

    public string? Sdk { get; private set; }

    public bool CanAnticipate => _canAnticipate;

    public bool IsReady => _isReady;

    public BuildProgress? Now => _where.Now;

    public BuildOutcome Build(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        _where.Begin(diagnostics);
        try
        {
            PausePoint.Reach("building");
            var outcome = Open(request) is { } problem ? Failed(request, [problem]) : Build(_session!, request, diagnostics, cancellation);
            BuilderLog.Built(log, request.Project, outcome.Lane, outcome.Succeeded ? "succeeded" : "failed", outcome.Milliseconds, outcome.LaneReason ?? "the cheapest");
            return outcome;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            BuilderLog.BuildThrew(log, e);
            return Failed(request, [.. diagnostics.All, Problems.Defect(request.Project, e)]);
        }
        finally
        {
            NoteState();
            _where.End();
        }
    }

    public BuildOutcome Practise(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        _where.Begin(diagnostics);
        try
        {
            return _session is null ? Failed(request, []) : Practise(_session, request, diagnostics, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            BuilderLog.ProofThrew(log, e);
            return Failed(request, []);
        }
        finally
        {
            _where.End();
        }
    }

    public void WarmUp(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        _where.Begin(diagnostics);
        try
        {
            if (Open(request) is null)
                WarmUp(_session!, request, diagnostics, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            BuilderLog.BuildThrew(log, e); // the first build will say so too, and to whom it matters
        }
        finally
        {
            NoteState();
            _where.End();
        }
    }

    public BuildOutcome? Analyze(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        _where.Begin(diagnostics);
        try
        {
            return _session is null ? null : Analyze(_session, request, diagnostics, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            BuilderLog.BuildThrew(log, e);
            return Failed(request, [.. diagnostics.All, Problems.Defect(request.Project, e)]);
        }
        finally
        {
            _where.End();
        }
    }

    public BuildOutcome? Anticipate(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        try
        {
            return _session is null ? null : Anticipate(_session, request, diagnostics, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            BuilderLog.AnticipationThrew(log, e); // half a file, maybe: the build will say if it stays so
            return null;
        }
        finally
        {
            _where.End();
        }
    }

    public void UseIdleTime(CancellationToken cancellation)
    {
        if (_session is null)
            return;
        try
        {
            Prove(_session, cancellation);
            NoteState();
            Practise(_session, cancellation);
        }
        finally
        {
            NoteState();
            _where.End();
        }
    }

    public void Dispose()
    {
        if (_session is not null)
            Close(_session);
    }

    private void NoteState() => (_canAnticipate, _isReady) = _session is null ? (false, false) : State(_session);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Close(BuildSession session) => session.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static BuildOutcome Build(BuildSession session, BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation) => session.Build(request, diagnostics, cancellation);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static BuildOutcome Practise(BuildSession session, BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation) => session.Practise(request, diagnostics, cancellation);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WarmUp(BuildSession session, BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation) => session.WarmUp(request, diagnostics, cancellation);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static BuildOutcome? Analyze(BuildSession session, BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation) => session.Analyze(request, diagnostics, cancellation);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static BuildOutcome? Anticipate(BuildSession session, BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation) => session.Anticipate(request, diagnostics, cancellation);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Prove(BuildSession session, CancellationToken cancellation) => session.Prove(cancellation);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Practise(BuildSession session, CancellationToken cancellation) => session.Practise(cancellation);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (bool CanAnticipate, bool IsReady) State(BuildSession session) => (session.CanAnticipate, session.IsReady);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StartSession(DotnetSdk sdk) => _session = new BuildSession(sdk, _where, time, log);

    /// <summary>Null when the session is open.</summary>
    private BuildDiagnostic? Open(BuildRequest request)
    {
        if (_session is not null)
            return null;
        switch (SdkResolver.Resolve(Path.GetDirectoryName(request.Project)!))
        {
            case SdkResolution.NotFound failure:
                return failure.Diagnostic;
            case SdkResolution.Found found:
                BuilderLog.SdkLoaded(log, found.Sdk.Version, found.Sdk.Directory);
                // Tasks start the compiler, and other tools, with the host of the SDK. Inherited switches of MSBuild are for other processes.
                Environment.SetEnvironmentVariable("DOTNET_HOST_PATH", found.Sdk.Host);
                Environment.SetEnvironmentVariable("MSBUILDNOINPROCNODE", null);
                if (!MSBuildLocator.IsRegistered)
                    MSBuildLocator.RegisterInstance(found.Instance);
                SdkRoslyn.Register(found.Sdk);
                Sdk = found.Sdk.Version;
                StartSession(found.Sdk);
                return null;
            default:
                throw new InvalidOperationException("unknown resolution");
        }
    }

    private BuildOutcome Failed(BuildRequest request, IReadOnlyList<BuildDiagnostic> diagnostics) => new()
    {
        Succeeded = false,
        Lane = BuildLane.Build,
        Sdk = Sdk,
        Diagnostics = diagnostics,
        Inputs = new BuildInputs { Projects = [request.Project] },
    };
}
