using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Builder;

/// <summary>Where the builder listens, and for whom. For the daemon, not for people.</summary>
internal abstract record BuilderArguments
{
    /// <summary>For the log.</summary>
    public abstract string Place { get; }

    /// <summary>Listens until it is disposed.</summary>
    public abstract Task<IAsyncDisposable> Listen(Action<IEndpointRouteBuilder> map, ILoggerFactory logging);

    public static BuilderArguments? Parse(IReadOnlyList<string> args, TextWriter error)
    {
        switch (args)
        {
            case ["--state", var state, "--name", var name]:
                return new ForSameUser(new StateDirectory(Path.GetFullPath(state)), name);
            case ["--socket", var socket, "--peer", var peer] when uint.TryParse(peer, NumberStyles.None, CultureInfo.InvariantCulture, out var user):
                return new ForOtherUser(Path.GetFullPath(socket), user);
            default:
                error.WriteLine("usage: WatchReload.Builder --state DIRECTORY --name NAME, or --socket PATH --peer UID (started by watchreload; ends when its standard input does)");
                return null;
        }
    }

    /// <summary><c>--state DIRECTORY --name NAME</c>: the pipe of that name, for the user of this process.</summary>
    internal sealed record ForSameUser(StateDirectory State, string Name) : BuilderArguments
    {
        public override string Place => $"{Name}, in {State.Root}";

        public override async Task<IAsyncDisposable> Listen(Action<IEndpointRouteBuilder> map, ILoggerFactory logging) =>
            await PipeServer.Start(new PipeServerOptions { State = State, Name = Name, Logging = logging }, map);
    }

    /// <summary><c>--socket PATH --peer UID</c>: a socket for the daemon's user, which is not the one of this process.</summary>
    internal sealed record ForOtherUser(string Socket, uint Peer) : BuilderArguments
    {
        public override string Place => Socket;

        public override async Task<IAsyncDisposable> Listen(Action<IEndpointRouteBuilder> map, ILoggerFactory logging)
        {
            // Named by whoever started this, who does not write there.
            foreach (var directory in (string[])["HOME", "TMPDIR"])
                Directory.CreateDirectory(Environment.GetEnvironmentVariable(directory) ?? Path.GetTempPath());
            return await UserServer.Start(new UserServerOptions { Socket = Socket, Peer = Peer, Logging = logging }, map);
        }
    }
}
