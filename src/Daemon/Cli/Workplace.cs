using WatchReload.Control;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Cli;

/// <summary>Where a verb works: the settings, the state directory, and the checkout when there is one.</summary>
internal sealed record Workplace(Settings Settings, StateDirectory State, GitCheckout? Checkout, GitCommand Git)
{
    /// <summary>The nodes that the verb is about: all, or the one of <c>--node</c>.</summary>
    public required IReadOnlyList<NodeSettings> Nodes { get; init; }

    public DeployPolicy Policy => new() { Branch = Settings.Git.Branch, Remote = Settings.Git.Remote, AllowedSigners = Settings.Git.AllowedSigners, AllowedKeys = Settings.Git.AllowedKeys };

    /// <summary>Why there is no checkout; null when there is one.</summary>
    public Refusal? NoCheckout { get; init; }

    /// <summary>There is a checkout, but no git to ask about it: why. Else null.</summary>
    public Refusal? NoGit { get; init; }

    /// <summary>What the settings were read from.</summary>
    public required SettingsSources Sources { get; init; }

    /// <summary>Whether the configuration has errors, and the settings are what could be read of it. Only after <see cref="Reach"/>.</summary>
    public bool Incomplete { get; init; }

    /// <summary>For what builds, or starts something: every setting must be right.</summary>
    /// <param name="call">Whose options and directory.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="needsProject">False: for what is built already.</param>
    public static async Task<WorkplaceResult> Open(Invocation call, CancellationToken cancellation, bool needsProject = true)
    {
        var sources = SourcesOf(call) with { NeedsProject = needsProject };
        var settings = SettingsLoader.Load(sources);
        return settings.Valid ? await Open(settings.Settings, sources, call, incomplete: false, cancellation) : Refuse(settings);
    }

    /// <summary>
    /// For what needs the state directory alone: what runs must be found, looked at and stopped whatever a push has made of watch.json.
    /// Its errors are told on standard error, and what can be read of it counts.
    /// </summary>
    /// <param name="call">Whose options and directory.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="goesOn">False: whether the errors end the verb is for the caller to find out, and to tell by <see cref="TellThatItGoesOn"/>.</param>
    public static async Task<WorkplaceResult> Reach(Invocation call, CancellationToken cancellation, bool goesOn = true)
    {
        var sources = SourcesOf(call);
        var loaded = SettingsLoader.Load(sources);
        if (loaded.Valid)
            return await Open(loaded.Settings, sources, call, incomplete: false, cancellation);
        if (loaded.Readable.State == StateSaid.Badly)
            return Refuse(loaded);
        var reached = await Open(loaded.Readable.Settings, sources, call, incomplete: true, cancellation);
        // A file that cannot be read may have named another one: then only a directory that is there will do.
        if (reached.Opened && loaded.Readable.State == StateSaid.Perhaps && !Directory.Exists(reached.Place.State.Root))
            return Refuse(loaded);
        foreach (var error in loaded.Errors)
            call.Console.Warn(error.ToString());
        if (reached.Opened && goesOn)
            reached.Place.TellThatItGoesOn(call);
        return reached;
    }

    /// <summary>When the configuration has errors, which are told.</summary>
    public void TellThatItGoesOn(Invocation call)
    {
        if (Incomplete)
            call.Console.Warn("The configuration has errors; this goes on with what can be read of it.");
    }

    private static WorkplaceResult Refuse(SettingsResult settings) => new(null, new Failure(ExitCode.Usage, [.. settings.Errors.Select(e => e.ToString())]));

    private static SettingsSources SourcesOf(Invocation call) => new(call.Context.Directory, call.Context.Environment)
    {
        ConfigPath = call.Value(CommonOptions.Config),
        HostConfigPath = call.Value(CommonOptions.HostConfig),
        Flags = call.Value(CommonOptions.State) is { } state ? [new SettingFlag("--state", "state", state)] : [],
    };

    private static async Task<WorkplaceResult> Open(Settings settings, SettingsSources sources, Invocation call, bool incomplete, CancellationToken cancellation)
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
        var state = new StateDirectory(Path.GetFullPath(root));
        var known = incomplete && LivingNodes.In(state, settings.Nodes) is { Count: > 0 } living ? living : settings.Nodes;
        return Choose(known, call.Value(CommonOptions.Node), out var failure) is { } nodes
            ? new WorkplaceResult(
                new Workplace(settings, state, checkout, git)
                {
                    Nodes = nodes,
                    Sources = sources,
                    Incomplete = incomplete,
                    NoCheckout = (lookup as GitLookup.Missing)?.Why,
                    NoGit = withoutGit is null ? null : ((GitLookup.NoGit)lookup).Why,
                },
                null)
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
