using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Flow;

/// <summary>What the stages need to know of the settings.</summary>
internal sealed record PipelineSettings
{
    public required StateDirectory State { get; init; }

    /// <summary>Paths of inputs are hashed relative to this.</summary>
    public required string Root { get; init; }

    /// <summary>Top of the git checkout; null: the root is it, or there is no git.</summary>
    public string? Top { get; init; }
    public required string Project { get; init; }

    /// <summary>Debug, Release.</summary>
    public required string Configuration { get; init; }

    /// <summary>Null where there is no git.</summary>
    public GitCheckout? Checkout { get; init; }

    /// <summary>Why there is none.</summary>
    public Refusal? NoCheckout { get; init; }
    public DeployPolicy Policy { get; init; } = DeployPolicy.Default;

    /// <summary>Looks into a commit before it is merged.</summary>
    public Func<CommitTree, CancellationToken, Task<Refusal?>> Examine { get; init; } = (_, _) => Task.FromResult<Refusal?>(null);
    public int Keep { get; init; } = 10;
    public long MinimumFreeSpace { get; init; }
    public long MaximumSize { get; init; }

    /// <summary>Ids of packages that are loaded with each version; <c>*</c> is any text.</summary>
    public IReadOnlyList<string> PerVersion { get; init; } = [];
    public bool RefuseStragglers { get; init; }
    public TimeSpan Probation { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Edits of bodies are applied to what is loaded: <c>watch</c>.</summary>
    public bool Deltas { get; init; }

    /// <summary>What is replayed is built with MSBuild too, and compared.</summary>
    public bool Verify { get; init; }

    /// <summary>Who builds; null: the user of this process.</summary>
    public BuildUser? BuildUser { get; init; }

    /// <summary>Where what is built of the checkout goes.</summary>
    public string Artifacts => BuildUser?.Artifacts ?? State.Build;

    /// <summary>The tree is this commit and nothing else, and not the checkout: what is learned of it is not kept. Null: it is the checkout.</summary>
    public ExportedTree? Exported { get; init; }

    public BuildRequest BuildRequest => new()
    {
        Project = Project,
        Configuration = Configuration,
        Root = Root,
        Deltas = Deltas,
        Verify = Verify,
        PerVersion = PerVersion,
        ArtifactsPath = Exported?.Artifacts ?? Artifacts,
        Properties = Exported?.Properties ?? new Dictionary<string, string>(),
    };
}
