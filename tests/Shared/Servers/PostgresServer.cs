using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WatchReload.Tests;

/// <summary>A PostgreSQL of its own, without a database yet but its own ones, on a fresh port of this machine. Anybody may connect as <c>clerk</c>.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Installed = "/usr/lib/postgresql";
    private const string Ready = "database system is ready to accept connections";
    private readonly string _directory;
    private readonly Process _server;

    private PostgresServer(string directory, int port, Process server) => (_directory, Port, _server) = (directory, port, server);

    /// <summary>Where its programs are, as Debian installs them; null when they are not.</summary>
    public static string? Programs => !Directory.Exists(Installed) ? null
        : Directory.GetDirectories(Installed).Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max();

    public int Port { get; }

    /// <exception cref="InvalidOperationException">It does not start; with what it says.</exception>
    public static async Task<PostgresServer> Start()
    {
        var directory = Directory.CreateTempSubdirectory("watchreload-postgres-").FullName;
        // It runs for no root.
        string[] who = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] : [];
        if (who.Length > 0) await Run("chown", "postgres", directory);
        var data = Path.Combine(directory, "data");
        await Run([.. who, Path.Combine(Programs!, "initdb"), "--pgdata", data, "--username", "clerk", "--auth", "trust", "--no-sync", "--locale", "C", "--encoding", "UTF8"]);
        var port = FreePort();
        var server = Begin([.. who, Path.Combine(Programs!, "postgres"), "-D", data, "-p", port.ToString(CultureInfo.InvariantCulture), "-h", "127.0.0.1", "-k", "", "-F"]);
        var told = new List<string>();
        while (await server.StandardError.ReadLineAsync() is { } line)
        {
            told.Add(line);
            if (!line.Contains(Ready, StringComparison.Ordinal)) continue;
            _ = server.StandardError.ReadToEndAsync(); // nobody must wait for who reads it
            return new PostgresServer(directory, port, server);
        }

        throw new InvalidOperationException($"PostgreSQL does not start: {string.Join('\n', told)}");
    }

    public async ValueTask DisposeAsync()
    {
        // Its processes notice the end of their parent; SIGINT has it end them itself.
        await Run("kill", "-INT", _server.Id.ToString(CultureInfo.InvariantCulture));
        await _server.WaitForExitAsync();
        _server.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task Run(params string[] command)
    {
        using var process = Begin(command);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await output}{await errors}");
    }

    private static Process Begin(string[] command) =>
        Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
