using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Resident.Hook;

/// <summary>What a hook of another user asks the daemon, by the socket's path alone: no configuration, no state directory, no cookie.</summary>
internal static class HookClient
{
    private const int Refused = 409; // before it came to an attempt: nothing is in the history
    private static readonly TimeSpan _packing = TimeSpan.FromMinutes(3);

    /// <summary>Deploys what was pushed, and tells of it; the exit code is the verdict's.</summary>
    public static Task<int> Push(Invocation call, string socket, HookPush push, CancellationToken cancellation) =>
        Follow(call, socket, new PipeClientOptions(), client => client.PostLines("/v1/push", push, HookJson.Default.HookPush, EventJson.Default.DaemonEvent, cancellation), cancellation);

    /// <summary>Rehearses what is being pushed; the pack of it comes from standard input.</summary>
    public static async Task<int> Rehearse(Invocation call, string socket, HookPush push, CancellationToken cancellation)
    {
        await using var pack = new LimitedStream(call.Context.Input(), HandedPushes.LargestPush, HandedPushes.TooLarge);
        var target = $"/v1/rehearse?ref={Uri.EscapeDataString(push.Ref ?? "")}&commit={Uri.EscapeDataString(push.Commit ?? "")}";
        return await Follow(call, socket, new PipeClientOptions { AnswerTimeout = _packing }, client => client.PostLines(target, pack, EventJson.Default.DaemonEvent, cancellation), cancellation);
    }

    /// <summary>Tells of the attempt under way; the exit code is its verdict's.</summary>
    public static Task<int> Attach(Invocation call, string socket, CancellationToken cancellation) =>
        Follow(call, socket, new PipeClientOptions(), client => client.GetLines("/v1/attach", EventJson.Default.DaemonEvent, cancellation), cancellation, idle: true);

    private static async Task<int> Follow(Invocation call, string path, PipeClientOptions options, Func<GroupClient, Task<PipeLines<DaemonEvent>>> ask, CancellationToken cancellation, bool idle = false)
    {
        using var client = new GroupClient(Path.GetFullPath(path, call.Context.Directory), options);
        DaemonEvent? last;
        try
        {
            await using var lines = await ask(client);
            last = await AttemptAnswer.Tell(lines, call.Console.Events, target => client.GetText(target, cancellation), cancellation);
        }
        catch (PipeException e) when (e.Status == Refused)
        {
            last = new GitRefused(e.Message, e.Remedy) { Time = call.Time.GetUtcNow().UtcDateTime };
            call.Console.Events.Emit(last);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            call.Console.Warn($"The daemon goes on with it; see: watchreload attach --socket {path}");
            return ExitCode.Interrupted;
        }

        if (last is not null)
            return ExitCode.Of(last);
        if (!idle)
            throw new PipeException(PipeFailure.Lost, "The daemon ended its answer without a verdict.", "Ask those who run the service; its history has what became of the push.");
        call.Console.Say("Nothing is under way.");
        return ExitCode.Done;
    }
}
