using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Configuration;

/// <summary>
/// What watch.json, the host's configuration, the environment and the flags say together; valid as a whole. Paths are absolute.
/// docs/configuration.md describes every key.
/// </summary>
internal sealed record Settings
{
    /// <summary>The directory of watch.json, or where there is none the working directory: relative paths start here.</summary>
    public required string Root { get; init; }

    /// <summary>The watch.json that was read; null when the environment or a flag named the project.</summary>
    public string? File { get; init; }

    /// <summary>The service's project file.</summary>
    public required string Project { get; init; }

    /// <summary>Null: Debug in <c>watch</c>, Release elsewhere.</summary>
    public string? Configuration { get; init; }

    /// <summary>Null: git's path for it, or <c>.watchreload</c> where there is no git.</summary>
    public string? State { get; init; }

    /// <summary>At least one; names differ.</summary>
    public required IReadOnlyList<NodeSettings> Nodes { get; init; }
    public required WatchSettings Watch { get; init; }
    public required GitSettings Git { get; init; }
    public required HookSettings Hook { get; init; }
    public required ReleaseSettings Releases { get; init; }
    public required PackageSettings Packages { get; init; }
    public required ReloadSettings Reload { get; init; }
    public required BuilderSettings Builder { get; init; }
    public required BuildSettings Build { get; init; }
    public required LogSettings Log { get; init; }
}

/// <param name="Name">Fit for a file name: lower-case letters, digits and hyphens.</param>
/// <param name="Environment">Set for the node's process, beside what it inherits.</param>
/// <param name="Arguments">Handed to the service's configuration as command-line arguments.</param>
internal sealed record NodeSettings(string Name, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Arguments)
{
    public const string DefaultName = "main";

    /// <summary>The port of the loopback interface that has its metrics too; 0: the pipe alone.</summary>
    public int MetricsPort { get; init; }

    /// <summary>Where the .NET runtime lies that it runs on.</summary>
    public NodeRuntime Runtime { get; init; }

    public static NodeSettings Default { get; } = new(DefaultName, new Dictionary<string, string>(), []);
}

internal enum NodeRuntime
{
    /// <summary>The installed one.</summary>
    Shared,

    /// <summary>A copy in the state directory, so that the installed one may be updated or removed.</summary>
    Private,
}

internal enum Polling
{
    /// <summary>Where the file system sends no events.</summary>
    Auto,
    Always,
    Never,
}

internal sealed record WatchSettings
{
    /// <summary>Globs relative to the root.</summary>
    public IReadOnlyList<string> Include { get; init; } = ["**/*"];

    /// <summary>Globs relative to the root; win over <see cref="Include"/>. What the file says comes on top of <see cref="AlwaysExcluded"/>.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = AlwaysExcluded;

    /// <summary>Quiet time after a change of one file.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMilliseconds(8);

    /// <summary>Quiet time after changes of several files.</summary>
    public TimeSpan Burst { get; init; } = TimeSpan.FromMilliseconds(100);
    public Polling Polling { get; init; }

    /// <summary>How often to look, when polling.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the tree is compared with what was last handed on to be built even if no event came; zero: never.</summary>
    public TimeSpan Rescan { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Outputs and tools' own directories: never a reason to build.</summary>
    public static IReadOnlyList<string> AlwaysExcluded { get; } =
        ["**/.git/**", "**/bin/**", "**/obj/**", "**/.vs/**", "**/.vscode/**", "**/.idea/**", "**/.watchreload/**", "**/node_modules/**", "**/TestResults/**"];
}

/// <param name="Remote">Name of the remote to pull from when <see cref="Branch"/> is set.</param>
/// <param name="Branch">The only branch that is pulled; null: the upstream of the one that is checked out.</param>
internal sealed record GitSettings(string Remote = "origin", string? Branch = null)
{
    /// <summary>File of SSH keys whose signatures count. When this or the next is set, every commit that is pulled must be signed.</summary>
    public string? AllowedSigners { get; init; }

    /// <summary>File of OpenPGP public keys whose signatures count.</summary>
    public string? AllowedKeys { get; init; }
    public GateMode Gate { get; init; }
}

/// <summary>The socket for hooks of a git user that is not the service's user; only both together.</summary>
/// <param name="Group">Whose members may hand in pushes: a name or a number; null: there is no such socket.</param>
/// <param name="Socket">Where it lies, outside of the state directory.</param>
internal sealed record HookSettings(string? Group = null, string? Socket = null);

internal enum GateMode
{
    /// <summary>A push is accepted unseen, and deployed afterwards.</summary>
    Off,

    /// <summary>The hook accepts a push only when it builds and can be rehearsed.</summary>
    On,
}

/// <param name="Keep">How many of the newest releases stay; what a node uses stays anyway.</param>
/// <param name="MinimumFreeSpace">Bytes that must be free beyond a new release's own size; 0: not asked.</param>
/// <param name="MaximumSize">Bytes that all of them may take, the newest and those in use apart; 0: no limit.</param>
internal sealed record ReleaseSettings(int Keep = 10, long MinimumFreeSpace = 256L << 20, long MaximumSize = 0);

/// <param name="PerVersion">Ids of packages that are loaded with each version; <c>*</c> is any text. What the file says comes on top of <see cref="AlwaysPerVersion"/>.</param>
internal sealed record PackageSettings(IReadOnlyList<string> PerVersion)
{
    /// <summary>Known to keep what they learn of a service's types in statics.</summary>
    public static IReadOnlyList<string> AlwaysPerVersion { get; } = ["Microsoft.EntityFrameworkCore*", "Castle.Core*", "AutoMapper*", "Mapster*"];
}

internal enum Stragglers
{
    /// <summary>An actor in a long turn changes over when it ends.</summary>
    Late,

    /// <summary>It makes the node refuse the reload.</summary>
    Refuse,
}

internal sealed record ReloadSettings
{
    public Stragglers Stragglers { get; init; }

    /// <summary>How long a new version is on trial; zero: not at all.</summary>
    public TimeSpan Probation { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Builds as another user; only both together.</summary>
/// <param name="User">Name of the user; null: the one that watchreload runs as.</param>
/// <param name="Directory">That user's, for all that a build writes.</param>
internal sealed record BuildSettings(string? User = null, string? Directory = null);

internal sealed record BuilderSettings
{
    /// <summary>Working set in bytes past which the builder is replaced after a build.</summary>
    public long MemoryLimit { get; init; } = 2L << 30;

    /// <summary>A build that takes longer is given up, and the builder replaced.</summary>
    public TimeSpan HangLimit { get; init; } = TimeSpan.FromMinutes(10);
}

internal enum LogRolling
{
    Never,
    Hour,
    Day,
}

internal sealed record LogSettings
{
    /// <summary>Null: standard error only.</summary>
    public string? File { get; init; }
    public LogLevel Level { get; init; } = LogLevel.Information;
    public LogRolling Rolling { get; init; } = LogRolling.Day;

    /// <summary>How many rolled files stay.</summary>
    public int Keep { get; init; } = 14;
}
