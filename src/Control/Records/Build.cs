using System.Text.Json.Serialization;

namespace WatchReload.Control;

public enum BuildLane
{
    /// <summary>The builder chooses.</summary>
    Auto,
    Delta,
    Replay,
    Build,
    Restore,
}

/// <summary>The body of the builder's <c>POST /v1/build</c>.</summary>
public sealed record BuildRequest
{
    /// <summary>Absolute path of the service project.</summary>
    public required string Project { get; init; }
    public required string Configuration { get; init; }

    /// <summary>Where outputs go, apart from the IDE's: <c>STATE/build</c>.</summary>
    public required string ArtifactsPath { get; init; }

    /// <summary><see cref="BuildLane.Auto"/>: replay when only source files changed and their compilations are ready; restore when assets are missing or older than what they depend on, else build.</summary>
    public BuildLane Lane { get; init; }

    public IReadOnlyDictionary<string, string> Properties { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Whether nodes take deltas: then what these need is made ready in idle time.</summary>
    public bool Deltas { get; init; }

    /// <summary>What the node has loaded, when it takes deltas: then the outcome may be <see cref="BuildOutcome.Deltas"/> against it instead of outputs. Null: a release is wanted; or, of what is anticipated, it is not known.</summary>
    public IReadOnlyList<LoadedAssembly>? Loaded { get; init; }

    /// <summary>The <see cref="BuildOutcome.BuildId"/> that came with the newest release: deltas are code alone, so that they are made only while MSBuild has built nothing since.</summary>
    public Guid? BuildId { get; init; }

    /// <summary>Somebody waits to see an edit live: analyzers that nobody has made fail a build are left to <c>POST /v1/analyze</c>.</summary>
    public bool AnalyzersLater { get; init; }

    /// <summary>Nobody waits for it: what is replayed is compiled on one thread, so that a processor is left for whoever comes.</summary>
    public bool Unhurried { get; init; }

    /// <summary>Ids of packages that nodes load with each version; <c>*</c> is any text. A delta leaves them as they are, so that there is none for code that uses them.</summary>
    public IReadOnlyList<string> PerVersion { get; init => field = value ?? []; } = [];

    /// <summary>What is replayed is built with MSBuild too, and compared.</summary>
    public bool Verify { get; init; }

    /// <summary>Absolute path that the paths in a source hash are relative to; null where nobody compares one.</summary>
    public string? Root { get; init; }

    /// <summary>Of <c>POST /v1/practise</c>, where nothing is built and the answer is as of an edit that nobody has made: which it is, from zero.</summary>
    public int Round { get; init; }

    /// <summary>Of those that a builder is sent each has another: <c>cancel N</c> on its standard input breaks off that one.</summary>
    public int Number { get; init; }
}

public enum DiagnosticSeverity
{
    Warning,
    Error,
}

/// <summary>A compiler or MSBuild diagnostic. Line and column start at 1; 0 where there is none.</summary>
public sealed record BuildDiagnostic(DiagnosticSeverity Severity, string Code, string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? File, int Line, int Column, int EndLine, int EndColumn, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Project);

/// <param name="Source">Absolute path of the file.</param>
/// <param name="Path">Where it goes in the release, relative, with <c>/</c>.</param>
/// <param name="PackageId">Of packages only.</param>
public sealed record BuildOutput(string Source, string Path, ReleaseFileKind Kind, string? PackageId = null);

/// <summary>The diagnostic of a builder that failed in itself; it is not used again.</summary>
public static class BuilderDefect
{
    public const string Code = "WRB008";
}

/// <summary>What evaluation names as inputs: the watcher watches these, and the source hash is over these.</summary>
public sealed record BuildInputs
{
    /// <summary>Project files of the service and its project references, absolute.</summary>
    public IReadOnlyList<string> Projects { get; init => field = value ?? []; } = [];

    /// <summary>Compile, content, embedded, additional files, absolute.</summary>
    public IReadOnlyList<string> Files { get; init => field = value ?? []; } = [];

    /// <summary>Imports outside the SDK and the package cache (Directory.Build.props…), global.json, lock files, .editorconfig, response files.</summary>
    public IReadOnlyList<string> Imports { get; init => field = value ?? []; } = [];

    /// <summary>Where else files are looked for than in the projects' directories.</summary>
    public IReadOnlyList<FilePattern> Patterns { get; init => field = value ?? []; } = [];

    /// <summary>Directories, absolute: of the git repositories that they lie in the commit that is checked out is built in. None: no commit is.</summary>
    public IReadOnlyList<string> Heads { get; init => field = value ?? []; } = [];
}

/// <summary>One line of the answer to <c>POST /v1/build</c>: what goes on (which also shows that the build is alive), or the outcome, which is the last.</summary>
public sealed record BuildEvent
{
    public BuildProgress? Progress { get; init; }
    public BuildOutcome? Outcome { get; init; }
}

/// <param name="Activity">restore, evaluate, build, or the target that runs.</param>
public sealed record BuildProgress(string Activity, string? Project = null)
{
    /// <summary>Paths of the generators and analyzers that run there and did not come with the SDK.</summary>
    public IReadOnlyList<string> Extensions { get; init => field = value ?? []; } = [];

    /// <summary>The work has not begun: it waits for this, which nobody asked for and which is to give way.</summary>
    public bool IsAwaited { get; init; }
}

/// <summary>The answer to the builder's <c>GET /v1/status</c>.</summary>
/// <param name="Sdk">Version of the SDK that it loaded; null before its first build.</param>
/// <param name="Builds">Builds done so far.</param>
public sealed record BuilderStatus(int Pid, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Sdk, int Builds, bool Busy);

/// <summary>A tree as somebody saw it, or read it to compile it: equal ones are the same tree.</summary>
/// <param name="SourceHash">Of the inputs.</param>
/// <param name="Listing">Of the files that there are, whether or not they are inputs: <see cref="TreeListing.Hash"/>.</param>
public sealed record SeenTree(string SourceHash, string Listing);

/// <summary>The outcome of a build.</summary>
public sealed record BuildOutcome
{
    public required bool Succeeded { get; init; }
    public required BuildLane Lane { get; init; }

    /// <summary>Why not a cheaper lane.</summary>
    public string? LaneReason { get; init; }
    public IReadOnlyList<BuildDiagnostic> Diagnostics { get; init => field = value ?? []; } = [];
    public IReadOnlyList<BuildOutput> Outputs { get; init => field = value ?? []; } = [];

    /// <summary>Of the delta lane, which has no outputs: one for each assembly that is another now.</summary>
    public IReadOnlyList<AssemblyDelta> Deltas { get; init => field = value ?? []; } = [];

    /// <summary>Of the last build that MSBuild was asked for in this builder, whatever came of it: each has another.</summary>
    public Guid? BuildId { get; init; }

    /// <summary>The deltas had been made before they were asked for: <c>POST /v1/anticipate</c>.</summary>
    public bool Anticipated { get; init; }

    /// <summary>Of what was anticipated or practised, which looks at the tree before anybody asks for it: what was compiled, read to the last byte. Inputs are left out then.</summary>
    public SeenTree? Read { get; init; }

    /// <summary>Of what was anticipated or practised: what the deltas start from.</summary>
    public IReadOnlyList<LoadedAssembly> From { get; init => field = value ?? []; } = [];

    /// <summary>Analyzers that nobody has made fail a build have not run: <see cref="BuildRequest.AnalyzersLater"/>.</summary>
    public bool AnalyzersPending { get; init; }

    /// <summary>Files were written while it was built, and are the same again: which of the two is in the outputs cannot be said, so that they are of no tree that anybody knows.</summary>
    public bool Unsettled { get; init; }
    public BuildInputs Inputs { get; init => field = value ?? new(); } = new();
    public string? EntryAssembly { get; init; }
    public string? Sdk { get; init; }
    public string? ActorsVersion { get; init; }
    public string? Runtime { get; init; }

    /// <summary>Absolute path of the build's log; the next build overwrites it.</summary>
    public string? Log { get; init; }
    public double Milliseconds { get; init; }
}
