using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>One run of the builder.</summary>
internal sealed class BuilderProcess : IAsyncDisposable
{
    /// <summary>What the builder prints once its pipe answers.</summary>
    private const string ReadyLine = "ready";

    /// <summary>Its connections close a moment before the system tells of its end.</summary>
    private static readonly TimeSpan _endPatience = TimeSpan.FromSeconds(1);

    private readonly BuilderSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Process _process;
    private readonly BuilderOutput _output;
    private readonly BuilderPlan _plan;
    private int? _exitCode;
    private int _disposed;

    private BuilderProcess(BuilderSettings settings, string sdkSelection, TimeProvider time, ILogger log, Process process, BuilderOutput output, BuilderPlan plan)
    {
        (_settings, SdkSelection, _time, _log, _process, _output, _plan) = (settings, sdkSelection, time, log, process, output, plan);
        Id = process.Id;
        Link = plan.Link();
    }

    public int Id { get; }

    public IBuilderLink Link { get; }

    /// <summary>The <see cref="Building.SdkSelection"/> it was started under.</summary>
    public string SdkSelection { get; }

    /// <summary>Not to be used again: a defect may have left it in any state.</summary>
    public bool IsDefective { get; set; }

    /// <summary>It has said something of the request that it was last sent.</summary>
    public bool HasBegun { get; set; }

    public bool HasExited => _exitCode is not null || _process.HasExited;

    public int? ExitCode => _exitCode ?? (_process.HasExited ? _process.ExitCode : null);

    public string LastWords => _output.LastWords;

    public string LogPath => _output.LogPath;

    /// <summary>Where its log is once the next builder has started.</summary>
    public string LaterLogPath => _output.LaterLogPath;

    /// <summary>Working set in bytes; 0 when it has ended.</summary>
    public long Memory
    {
        get
        {
            try
            {
                _process.Refresh();
                return _process.WorkingSet64;
            }
            catch (InvalidOperationException)
            {
                return 0;
            }
        }
    }

    /// <summary>A builder whose pipe answers, or why there is none.</summary>
    public static async Task<(BuilderProcess? Builder, BuildDiagnostic? Problem)> Start(BuilderSettings settings, string sdkSelection, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        if (!File.Exists(settings.Assembly))
            return (null, BuilderProblems.NotStarted(settings.Assembly, "the file is missing"));
        var (plan, problem) = BuilderStart.Plan(settings);
        if (plan is null)
            return (null, problem);
        var process = new Process { StartInfo = plan.Start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            process.Dispose();
            return (null, BuilderProblems.NotStarted(settings.Assembly, $"{plan.Start.FileName}: {e.Message}", settings.User));
        }
        var builder = new BuilderProcess(settings, sdkSelection, time, log, process, BuilderOutput.Follow(process, settings.State, ReadyLine, settings.Seat), plan);
        try
        {
            if (await builder._output.Ready.WaitAsync(settings.StartTimeout, time, cancellation))
            {
                BuildingLog.Started(log, builder.Id, builder.LogPath);
                return (builder, null);
            }
        }
        catch (TimeoutException)
        {
            builder.Kill();
            await builder.DisposeAsync();
            return (null, BuilderProblems.NotStarted(settings.Assembly, $"no answer within {settings.StartTimeout.TotalSeconds:0.#} s", settings.User, builder._output.LastLines));
        }
        catch (OperationCanceledException)
        {
            builder.Kill();
            await builder.DisposeAsync();
            throw;
        }
        await builder.DisposeAsync();
        return (null, BuilderProblems.NotStarted(settings.Assembly, $"exit code {builder.ExitCode}", settings.User, builder._output.LastLines));
    }

    /// <summary>The exit code of a builder whose connection is lost because it has ended; null when it lives.</summary>
    public async Task<int?> EndOfItself()
    {
        using var patience = new CancellationTokenSource(_endPatience, _time);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // It lives; a process that ended just now is told below.
        }

        return ExitCode;
    }

    /// <summary>Tells it to break off that request, by a way on which nothing else is. It may have ended, or not have begun with it: the pipe tells.</summary>
    public void Cancel(int request)
    {
        try
        {
            _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cancel {request}"));
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true); // restore is a child of it
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }

    /// <summary>Closes its standard input, which ends it; kills it if that does not. What the disk has against it is no reason to throw.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Link.Dispose();
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }
        using (var deadline = new CancellationTokenSource(_settings.StopTimeout, _time))
        {
            try
            {
                await _process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                BuildingLog.DoesNotEnd(_log, Id);
                Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }
        _exitCode = _process.ExitCode;
        await _output.DisposeAsync();
        RemoveTraces();
        _process.Dispose();
    }

    /// <summary>What a killed builder leaves in the state directory.</summary>
    private void RemoveTraces()
    {
        foreach (var path in _plan.Traces)
        {
            try
            {
                File.Delete(path);
            }
            catch (DirectoryNotFoundException)
            {
                // The whole directory has been removed, as with a checkout that is thrown away: nothing is left of it.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                BuildingLog.TraceStays(_log, Id, path, e.Message); // the next builder replaces it
            }
        }
    }
}
