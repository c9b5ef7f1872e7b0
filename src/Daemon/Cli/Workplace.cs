using WatchReload.Control;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Cli;

/// <summary>Where a verb works: the settings, the state directory, and the checkout when there is one.</summary>
internal sealed record Workplace(Settings Settings, StateDirectory State, GitCheckout? Checkout, GitCommand Git)
{
    /// <summary>The nodes that the verb is about: all, or the one of <c>--node</c>.</summary>
    public required IReadOnlyList<NodeSettings> Nodes { get; init; }

    /// <summary>Why there is no checkout; null when there is one.</summary>
    public Refusal? NoCheckout { get; init; }

    /// <summary>There is a checkout, but no git to ask about it: why. Else null.</summary>
    public Refusal? NoGit { get; init; }

    /// <param name="call">Whose options and directory.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="needsProject">False: for what is built already.</param>
    public static async Task<WorkplaceResult> Open(Invocation call, CancellationToken cancellation, bool needsProject = true)
    {
        var settings = SettingsLoader.Load(Sources(call) with { NeedsProject = needsProject });
        if (!settings.Valid)
            return new WorkplaceResult(null, new Failure(ExitCode.Usage, [.. settings.Errors.Select(e => e.ToString())]));
        return await Open(settings.Settings, call, cancellation);
    }

    private static SettingsSources Sources(Invocation call) => new(call.Context.Directory, call.Context.Environment)
    {
        ConfigPath = call.Value(CommonOptions.Config),
        HostConfigPath = call.Value(CommonOptions.HostConfig),
        Flags = call.Value(CommonOptions.State) is { } state ? [new SettingFlag("--state", "state", state)] : [],
    };

    private static async Task<WorkplaceResult> Open(Settings settings, Invocation call, CancellationToken cancellation)
    {
        var git = new GitCommand(call.Time);
        var lookup = await GitCheckout.Find(settings.Root, git, cancellation);
        if (lookup is GitLookup.ForeignOwned or GitLookup.Failed)
        {
            var why = ((GitLookup.Missing)lookup).Why;
            return new WorkplaceResult(null, new Failure(ExitCode.GitRefused, why.Cause, why.Remedy));
        }

        var checkout = (lookup as GitLookup.Found)?.Checkout;
        // Without git it is where git would say: the node that runs is found, and nothing is built twice.
        var withoutGit = lookup is GitLookup.NoGit && ConfigurationFile.GitTop(settings.Root) is { } top ? StatePlace.Of(top) : null;
        var root = settings.State ?? checkout?.StatePath ?? withoutGit ?? Path.Combine(settings.Root, ".watchreload");
        return Choose(settings.Nodes, call.Value(CommonOptions.Node), out var failure) is { } nodes
            ? new WorkplaceResult(new Workplace(settings, new StateDirectory(Path.GetFullPath(root)), checkout, git) { Nodes = nodes, NoCheckout = (lookup as GitLookup.Missing)?.Why, NoGit = withoutGit is null ? null : ((GitLookup.NoGit)lookup).Why }, null)
            : new WorkplaceResult(null, failure);
    }

    private static IReadOnlyList<NodeSettings>? Choose(IReadOnlyList<NodeSettings> nodes, string? name, out Failure? failure)
    {
        failure = null;
        if (name is null)
            return nodes;
        if (nodes.FirstOrDefault(n => n.Name == name) is { } chosen)
            return [chosen];
        var names = nodes.Select(n => n.Name).ToArray();
        failure = new Failure(ExitCode.Usage, $"There is no node \"{name}\".", Nearest.To(name, names) is { } near ? $"Did you mean {near}?" : $"Configured are: {string.Join(", ", names)}.");
        return null;
    }
}

/// <summary>The place, or why there is none.</summary>
internal sealed record WorkplaceResult(Workplace? Place, Failure? Failure)
{
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Place))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Failure))]
    public bool Opened => Place is not null;
}
