using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace WatchReload.Control;

/// <summary>
/// The service manager that started this process, by systemd's notify protocol (sd_notify(3)): it is told that the service is ready, what it
/// does, that it lives, that it stops. Nothing happens where none listens, and nothing that goes wrong here stops a service.
/// </summary>
public sealed class ServiceManager : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _address;

    /// <param name="notifySocket">NOTIFY_SOCKET: a path, or a name in the abstract namespace that begins with <c>@</c>.</param>
    /// <param name="watchdogMicroseconds">WATCHDOG_USEC.</param>
    /// <param name="watchdogPid">WATCHDOG_PID: whom it is for; any process when there is none.</param>
    public ServiceManager(string? notifySocket, string? watchdogMicroseconds, string? watchdogPid)
    {
        if (string.IsNullOrEmpty(notifySocket) || notifySocket[0] is not ('/' or '@') || OperatingSystem.IsWindows())
            return;
        try
        {
            _address = new UnixDomainSocketEndPoint(notifySocket[0] == '@' ? '\0' + notifySocket[1..] : notifySocket);
            _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return; // a name too long, or a system without such sockets
        }

        if (long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            && (string.IsNullOrEmpty(watchdogPid) || watchdogPid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)))
            Watchdog = TimeSpan.FromMicroseconds(microseconds);
    }

    /// <summary>The one that started this process. What it told is taken out of the environment, so that no child speaks in this one's name.</summary>
    public static ServiceManager OfThisProcess()
    {
        var manager = new ServiceManager(Take("NOTIFY_SOCKET"), Take("WATCHDOG_USEC"), Take("WATCHDOG_PID"));
        return manager;
    }

    /// <summary>Whether one listens.</summary>
    public bool Listens => _socket is not null;

    /// <summary>It ends the service when it has not heard <see cref="Alive"/> for that long; null: it does not watch.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>The service serves.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={Line(status)}");

    /// <summary>What <c>systemctl status</c> shows.</summary>
    public void Status(string status) => Send($"STATUS={Line(status)}");

    public void Alive() => Send("WATCHDOG=1");

    public void Stopping(string status) => Send($"STOPPING=1\nSTATUS={Line(status)}");

    public void Dispose() => _socket?.Dispose();

    private void Send(string message)
    {
        try
        {
            _socket?.SendTo(Encoding.UTF8.GetBytes(message), SocketFlags.None, _address!);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody listens any more.
        }
    }

    private static string Line(string status) => status.ReplaceLineEndings(" ");

    private static string? Take(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        if (value is not null)
            Environment.SetEnvironmentVariable(variable, null);
        return value;
    }
}
