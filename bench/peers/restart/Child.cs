using System.Diagnostics;
using System.Globalization;

namespace WatchReload.Bench.Restart;

/// <summary>The process that is kept running.</summary>
internal sealed class Child(string[] command, KeptSocket? socket) : IDisposable
{
    private Process? _process;

    public void Start()
    {
        var start = new ProcessStartInfo(command[0], command[1..]);
        if (socket is not null) start.Environment["LISTEN_FD"] = socket.Descriptor.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start);
    }

    /// <summary>In order, and waits until it has ended.</summary>
    public async Task Stop()
    {
        if (_process is null) return;
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        Dispose();
    }

    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
    }
}
