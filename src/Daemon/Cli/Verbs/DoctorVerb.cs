using System.Text.Json.Serialization;
using Spectre.Console;
using WatchReload.Daemon.Cli.Doctor;
using WatchReload.Daemon.Cli.Rendering;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class DoctorVerb(CommandContext context, StopSignal stop)
    : Verb("doctor", "Looks for what is wrong, or soon will be: configuration, SDK, git, state, pipe, limits, disk, clock. Changes nothing.", context, stop)
{
    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var findings = await Examine(call, cancellation);
        foreach (var finding in findings)
        {
            call.Console.Json(finding, DoctorJson.Default.Finding);
            if (!call.Json)
                Show(call.Console, finding);
        }

        var errors = findings.Count(f => f.Result == "error");
        var warnings = findings.Count(f => f.Result == "warning");
        call.Console.Say(errors + warnings == 0 ? "Nothing is wrong." : $"{errors} wrong, {warnings} to look at.");
        return errors == 0 ? ExitCode.Done : ExitCode.Usage;
    }

    private static async Task<IReadOnlyList<Finding>> Examine(Invocation call, CancellationToken cancellation)
    {
        var opened = await Workplace.Open(call, cancellation);
        if (!opened.Opened)
        {
            return opened.Failure.ExitCode == ExitCode.GitRefused
                ? [Finding.Error("git", opened.Failure.Lines[0], string.Join(' ', opened.Failure.Lines.Skip(1)))]
                : [.. opened.Failure.Lines.Select(line => Finding.Error("configuration", line, "The line names the place, and what to write there; docs/configuration.md has every key."))];
        }

        var place = opened.Place;
        return
        [
            Finding.Ok("configuration", $"{place.Settings.Project}, {Nodes(place)}."),
            await SdkCheck.Run(place.Settings.Root, call.Time, cancellation),
            await Git(place, cancellation),
            .. StateCheck.Run(place.State),
            .. await CookieCheck.Run(place, cancellation),
            .. await PipeCheck.Run(place, cancellation),
            .. await HookCheck.Run(place, cancellation),
            .. await BuildCheck.Run(place, call.Context.BuilderAssembly, call.Time, cancellation),
            .. DeployCheck.Run(place, call.Time),
            .. MachineCheck.Run(place, call.Time),
        ];
    }

    private static string Nodes(Workplace place) =>
        place.Nodes.Count == place.Settings.Nodes.Count ? Units.Count(place.Nodes.Count, "node") : $"{place.Nodes.Count} of {Units.Count(place.Settings.Nodes.Count, "node")}";

    private static async Task<Finding> Git(Workplace place, CancellationToken cancellation)
    {
        if (place.Checkout is not { } checkout)
            return Finding.Warning("git", place.NoCheckout?.Cause ?? "There is no git checkout.", place.NoCheckout?.Remedy ?? "pull and hook need one; the rest works without.");
        try
        {
            var head = await checkout.Head(cancellation);
            return head.Branch is null
                ? Finding.Warning("git", $"{checkout.Root} is on no branch (detached HEAD).", "pull and hook need one: git switch BRANCH")
                : Finding.Ok("git", $"{checkout.Root} is on {head.Branch}{(head.Commit is null ? ", without a commit" : $", at {CommitId.Short(head.Commit)}")}.");
        }
        catch (GitException e)
        {
            return Finding.Error("git", e.Why.Cause, e.Why.Remedy);
        }
    }

    private static void Show(CommandConsole console, Finding finding)
    {
        var colour = finding.Result switch { "ok" => "green", "warning" => "yellow", _ => "red" };
        console.Screen.Line($"[{colour}]{finding.Result,-8}[/] {finding.Check,-14} {Markup.Escape(finding.Cause)}");
        if (finding.Remedy is not null)
            console.Screen.Line($"{"",-24}{Markup.Escape(finding.Remedy)}");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Finding))]
internal sealed partial class DoctorJson : JsonSerializerContext;
