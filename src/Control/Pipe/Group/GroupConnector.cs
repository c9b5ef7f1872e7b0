using System.Net.Sockets;

namespace WatchReload.Control;

/// <summary>Connects a member of a group to the process that listens for it, when it is the owner of the socket's directory that does.</summary>
internal static class GroupConnector
{
    public static async ValueTask<Stream> Connect(string path, TimeSpan within, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
            throw new StateException("A daemon listens for another user's hook on Linux only.", "Let git run as the service's user, and install the hook without --socket.");
        if (!PipeAddress.IsAddress(path))
            throw new StateException($"{path} cannot be the path of a socket.", "Give the path that the service has in hook.socket.");
        var directory = Path.GetDirectoryName(path)!;
        if (Look(directory) is not { } stat)
            throw Nobody(path, $"there is no {directory}", null);
        if ((stat.Permissions & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            throw new StateException($"Others than its owner can write to {directory}, and put a socket of their own there.", $"Close it: chmod go-w {directory}");
        GroupDirectory.CheckAbove(directory, stat.Owner);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(within);
        Socket? socket = null;
        try
        {
            socket = await QueuedConnect.To(path, deadline.Token);
            if (PeerCredentials.Of(socket).UserId is var server && server != stat.Owner)
                throw new StateException($"{Accounts.UserName(server)} listens at {path}, which belongs to {Accounts.UserName(stat.Owner)}.", "Find out who that is; nothing was sent.");
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e)
        {
            socket?.Dispose();
            throw e switch
            {
                SocketException { SocketErrorCode: SocketError.AccessDenied } => Denied(path, e),
                SocketException => Nobody(path, e.Message, e),
                OperationCanceledException when !cancellation.IsCancellationRequested => new PipeException(
                    PipeFailure.TimedOut, $"{path} did not take the connection within {within.TotalSeconds:0.#} s.", "The daemon may be stopped or overloaded; look at its log.", e),
                _ => e,
            };
        }
    }

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static Posix.Statx? Look(string directory)
    {
        try
        {
            return Posix.Stat(directory, followLink: true);
        }
        catch (IOException e)
        {
            throw Denied(directory, e);
        }
    }

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static StateException Denied(string path, Exception inner) => new(
        $"This user ({Accounts.UserName(Posix.UserId)}) may not use {path}: {inner.Message}.",
        "Add it to the group that the service has in hook.group (usermod -aG GROUP USER), and let it log in again.",
        inner);

    private static PipeException Nobody(string path, string why, Exception? inner) => new(
        PipeFailure.NobodyListens,
        $"Nobody listens at {path}: {why}.",
        "Start the service's daemon (watchreload run or daemon) with hook.socket in the host's configuration. If it runs, its log says why it does not listen.",
        inner);
}
