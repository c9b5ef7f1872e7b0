using System.ComponentModel;
using System.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Daemon.Supervision;

/// <summary>A living node: one that this process started, or one that it took up.</summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(500);
    private readonly ProcessIdentity _identity;
    private readonly Process? _child;
    private readonly TimeProvider _time;

    private NodeProcess(ProcessIdentity identity, Process? child, TimeProvider time) => (_identity, _child, _time) = (identity, child, time);

    public int Pid => _identity.Pid;
    public bool IsChild => _child is not null;
    public bool IsAlive => _child is null ? _identity.IsAlive : !_child.HasExited;

    public static NodeProcess Started(Process child, TimeProvider time) =>
        new(ProcessIdentity.Of(child.Id) ?? new ProcessIdentity(child.Id, 0), child, time);

    public static NodeProcess Adopted(ProcessIdentity identity, TimeProvider time) => new(identity, null, time);

    /// <summary>Waits for its end. The exit code; null when it is not known, because it is another's child.</summary>
    public async Task<int?> Exited(CancellationToken cancellation)
    {
        if (_child is not null)
        {
            await _child.WaitForExitAsync(cancellation);
            return _child.ExitCode;
        }

        while (_identity.IsAlive)
            await Task.Delay(_look, _time, cancellation);
        return null;
    }

    /// <summary>Ends it at once; the last resort. Never another process that was given its pid.</summary>
    public void Kill()
    {
        if (!IsAlive)
            return;
        try
        {
            if (_child is not null)
            {
                _child.Kill();
                return;
            }

            using var process = Process.GetProcessById(Pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It ended meanwhile, which is what was wanted; or it is not ours to end, and the caller sees that it lives.
        }
    }

    public void Dispose() => _child?.Dispose();
}
