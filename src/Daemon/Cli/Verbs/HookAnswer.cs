using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Cli.Verbs;

/// <summary>What became of installing or uninstalling the hook.</summary>
/// <param name="Result">installed, unchanged, uninstalled, nothingInstalled.</param>
/// <param name="Hook">The hook's file.</param>
/// <param name="Branch">The branch that deploys.</param>
/// <param name="Chained">The hook from before, which runs first.</param>
/// <param name="Gate">The pre-receive hook's file, where pushes pass the gate.</param>
internal sealed record HookAnswer(string Result, string Hook, string? Branch, string? Chained, string? Gate = null)
{
    public static int Tell(Invocation call, HookResult result)
    {
        if (result is HookResult.Refused refused)
            return call.Console.Fail(ExitCode.GitRefused, refused.Why.Cause, refused.Why.Remedy);
        var (answer, lines) = Words(result);
        call.Console.Json(answer, VerbJson.Default.HookAnswer);
        foreach (var line in lines)
            call.Console.Say(line);
        return ExitCode.Done;
    }

    private static (HookAnswer Answer, IReadOnlyList<string> Lines) Words(HookResult result) => result switch
    {
        HookResult.Installed i => (
            new HookAnswer(i.Changed ? "installed" : "unchanged", i.Path, i.Branch, i.Chained, i.Gate),
            [
                i.Changed ? $"Installed {i.Path}: a push to {i.Branch} deploys." : $"{i.Path} is installed like this already: a push to {i.Branch} deploys.",
                .. i.Gate is null ? (string[])[] : [$"{i.Gate} accepts a push only when it builds and can be rehearsed."],
                "Whoever may push runs code as the user of the service.",
                .. i.Chained is null ? (string[])[] : [$"The hook that was there before runs first; it is now {i.Chained}."],
            ]),
        HookResult.Uninstalled u => (
            new HookAnswer("uninstalled", u.Path, null, null),
            [u.Restored ? $"Took out {u.Path}; the hook from before is back." : $"Took out {u.Path}."]),
        HookResult.NothingInstalled n => (new HookAnswer("nothingInstalled", n.Path, null, null), [$"There is no hook of watchreload's at {n.Path}."]),
        _ => throw new InvalidOperationException($"{result.GetType().Name} is not a result of a hook."),
    };
}
