using System.IO.Pipes;
using System.Net.Sockets;

namespace WatchReload.Control;

/// <summary>Connects a client to the process of a name; tells at once when there is none.</summary>
internal static class PipeConnector
{
    /// <param name="state">Where its rendezvous lies.</param>
    /// <param name="name">Of the process.</param>
    /// <param name="options">How long to wait.</param>
    /// <param name="connected">Told to which run of the process.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async ValueTask<Stream> Connect(StateDirectory state, string name, PipeClientOptions options, Action<string> connected, CancellationToken cancellation)
    {
        if (!Directory.Exists(state.Run))
            throw NobodyListens(state, name, null, null);
        OwnedPath.CheckDirectory(state.Root, followLink: true);
        OwnedPath.CheckDirectory(state.Run);
        if (RendezvousFile.Read(state, name) is not { } rendezvous)
            throw NobodyListens(state, name, null, null);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(options.ConnectTimeout);
        try
        {
            var connection = OperatingSystem.IsWindows()
                ? await ConnectPipe(state, name, rendezvous, deadline.Token)
                : await ConnectSocket(rendezvous, deadline.Token);
            connected(rendezvous.Instance);
            return connection;
        }
        catch (Exception e) when (e is SocketException or DirectoryNotFoundException)
        {
            throw NobodyListens(state, name, rendezvous, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new PipeException(
                PipeFailure.TimedOut,
                $"\"{name}\" (pid {rendezvous.Pid}) did not take the connection within {options.ConnectTimeout.TotalSeconds:0.#} s.",
                "It may be stopped or overloaded; look at its log.",
                e);
        }
    }

    // Over a plain socket, which fails at once; NamedPipeClientStream polls for an absent one until its deadline.
    private static async ValueTask<Stream> ConnectSocket(Rendezvous rendezvous, CancellationToken cancellation)
    {
        var directory = Path.GetDirectoryName(rendezvous.Address)!;
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"there is no {directory}");
        OwnedPath.CheckDirectory(directory);
        return new NetworkStream(await QueuedConnect.To(rendezvous.Address, cancellation), ownsSocket: true);
    }

    private static async ValueTask<Stream> ConnectPipe(StateDirectory state, string name, Rendezvous rendezvous, CancellationToken cancellation)
    {
        if (!rendezvous.Process().IsAlive)
            throw NobodyListens(state, name, rendezvous, null);
        var pipe = new NamedPipeClientStream(".", rendezvous.Address, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        try
        {
            await pipe.ConnectAsync(cancellation);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }

    private static PipeException NobodyListens(StateDirectory state, string name, Rendezvous? last, Exception? inner)
    {
        var why = last is null ? $"there is no {state.Rendezvous(name)}"
            : last.Process().IsAlive ? $"pid {last.Pid} lives, but {last.Address} takes no connection ({inner?.Message})"
            : $"its last process, pid {last.Pid}, is gone";
        return new PipeException(
            PipeFailure.NobodyListens,
            $"Nobody listens as \"{name}\": {why}.",
            "Start it: watchreload run (production) or watchreload watch. If it runs, does it use this state directory? (--state)",
            inner);
    }
}
