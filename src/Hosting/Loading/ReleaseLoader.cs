using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Hosting.Loading;

/// <summary>Loads releases.</summary>
/// <remarks>
/// <para>
/// Theory of operation. A release passes through four steps, and each adds to one list of problems: <b>manifest</b> (release.json is
/// the one that was asked for and makes sense), <b>files</b> (each is read once and is what the manifest says), <b>metadata</b> (assemblies,
/// references and the service type, without loading), <b>load</b> (from the bytes that were checked). Only a damaged manifest ends it
/// early; nothing is loaded unless the first three steps found nothing.
/// </para>
/// <para>
/// Contexts: each hot assembly is alone in a collectible one, so that the unchanged ones can stay, with their types and the states of
/// those types, while the others are loaded anew. Arrows point from who references to who is referenced, and nothing refers back:
/// <code>
///   hot (a context an assembly, a version or more) --> packages (a context a set) --> default (frameworks, WatchReload.Actors)
/// </code>
/// A hot assembly is counted by the loaded releases that share it. It is unloaded when the last of them retires; that it is gone is
/// proved by the <see cref="UnloadTicket"/>. A failed load ends with the counts that it started with.
/// </para>
/// </remarks>
internal sealed class ReleaseLoader
{
    private readonly StateDirectory _state;
    private readonly ILogger _logger;
    private readonly DefaultAssemblies _defaults = DefaultAssemblies.OfThisProcess;
    private readonly PackageSets _packageSets;

    /// <summary>Contexts of packages in memory.</summary>
    public int PackageContexts => _packageSets.Count;
    private readonly UpdateHandlers _handlers;
    private readonly bool _keep;

    /// <param name="state">Whose releases it loads.</param>
    /// <param name="loggers">Log.</param>
    /// <param name="time">For the deadlines of others' code.</param>
    /// <param name="keep">Loads for good, so that deltas can be applied.</param>
    public ReleaseLoader(StateDirectory state, ILoggerFactory loggers, TimeProvider time, bool keep = false)
    {
        _keep = keep;
        _state = state;
        _logger = loggers.CreateLogger<ReleaseLoader>();
        _packageSets = new(state, _defaults);
        _handlers = new(_logger, time);
    }

    /// <summary>
    /// Reads every file of the release once, checks it against release.json, and loads from those bytes. Never throws for what a
    /// release can cause; all problems are told together.
    /// </summary>
    /// <param name="releaseDirectory">Must be a directory of the state directory's <c>releases</c>.</param>
    /// <param name="expectedManifestHash">SHA-256 of release.json's bytes in hex; null at node start, where nobody gave one.</param>
    /// <param name="previous">The release whose unchanged assemblies stay as they are, normally the one that serves.</param>
    public LoadResult Load(string releaseDirectory, string? expectedManifestHash, LoadedRelease? previous)
    {
        if (previous is null)
        {
            Collections.Prime();
        }

        var problems = new Problems();
        if (Load(releaseDirectory, expectedManifestHash, previous, problems) is { } release)
        {
            return new(release);
        }

        LoadingLog.Refused(_logger, Path.GetFileName(releaseDirectory), problems.All.Count);
        return new(problems.All);
    }

    /// <summary>Takes a release of the tree that is loaded by deltas for what it is called from now on. False: its release.json is not the one that was asked for.</summary>
    public bool Adopt(LoadedRelease loaded, string releaseDirectory, string manifestHash)
    {
        var problems = new Problems();
        if (Lease(releaseDirectory, problems) is not { } lease)
        {
            return false;
        }

        if (ManifestFile.Read(releaseDirectory, manifestHash, problems) is not { } file || file.Manifest.SourceHash != loaded.Manifest.SourceHash)
        {
            lease.Dispose();
            return false;
        }

        loaded.Adopt(file, lease);
        return true;
    }

    /// <summary>Applies deltas to what is loaded; to be called under the closed gate. What threw, and whether anything was applied before.</summary>
    public static (Exception? Failure, bool IsPartly) Apply(IReadOnlyList<HotDelta> deltas, LoadedRelease loaded)
    {
        for (var done = 0; done < deltas.Count; done++)
        {
            try
            {
                deltas[done].Apply();
            }
            catch (Exception cause)
            {
                // By these the runtime says that it has not taken it. By another, as out of memory, it says nothing of the kind.
                var isUntouched = cause is InvalidOperationException or NotSupportedException or ArgumentException or BadImageFormatException;
                if (!isUntouched) loaded.Applied(deltas[done].Assembly.Name);
                return (cause, done > 0 || !isUntouched);
            }

            loaded.Applied(deltas[done].Assembly.Name);
        }

        return (null, false);
    }

    /// <summary>The loaded release as it is after deltas, as one of its own; null when it is being retired, or is gone from the disk.</summary>
    public LoadedRelease? WithDelta(LoadedRelease loaded, TreeDelta tree)
    {
        if (Lease(loaded.ContentRoot, new Problems()) is not { } lease)
        {
            return null;
        }

        var patched = loaded.WithDelta(tree, lease);
        if (patched is null)
        {
            lease.Dispose();
        }

        return patched;
    }

    /// <summary>Deltas are applied: tells those that cache what they know of types, and those that want to know. A type that was to be made anew and cannot be loaded; null when all can.</summary>
    /// <param name="deltas">All of them.</param>
    /// <param name="defaults">Of what they have made.</param>
    /// <param name="release">As it is after them.</param>
    public string? Updated(IReadOnlyList<HotDelta> deltas, IEnumerable<ToldDefaults> defaults, LoadedRelease release)
    {
        var all = new List<Type>();
        var remade = new Dictionary<Type, string>();
        string? missing = null;
        foreach (var delta in deltas)
        {
            var types = delta.Types().ToList();
            all.AddRange(types);
            var named = types.ToLookup(type => SourceNames.Of(type) ?? type.FullName);
            foreach (var name in delta.Remade)
            {
                if (named[name].LastOrDefault() is { } type) remade[type] = name;
                else missing ??= name;
            }
        }

        release.Updated(remade);
        foreach (var one in defaults)
        {
            if (release.FindType(one.Type, one.Assembly) is { } type) ParameterDefaults.Tell(type, one.Values);
            else missing ??= one.Type;
        }

        _handlers.Updated([.. all]);
        if (missing is null) release.Known();
        return missing;
    }

    private LoadedRelease? Load(string releaseDirectory, string? expectedManifestHash, LoadedRelease? previous, Problems problems)
    {
        var directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(releaseDirectory));
        if (Path.GetDirectoryName(directory) != Path.GetFullPath(_state.Releases))
        {
            problems.Add($"{directory} is not a release of this node.", $"Releases of this node are in {_state.Releases}; give the node and the daemon the same --state.");
            return null;
        }

        if (Lease(directory, problems) is not { } lease)
        {
            return null;
        }

        LoadedRelease? loaded = null;
        try
        {
            if (ManifestFile.Read(directory, expectedManifestHash, problems) is { } file && Load(directory, file, previous, problems) is { } code)
            {
                loaded = new(file, directory, code.Set, code.Warnings, lease, Retiring) { ChangedStatics = code.Changed };
            }

            return loaded;
        }
        finally
        {
            if (loaded is null)
            {
                lease.Dispose();
            }
        }
    }

    /// <summary>From here until the version retires the daemon does not prune the release.</summary>
    private ReleaseLease? Lease(string directory, Problems problems)
    {
        try
        {
            if (ReleaseLease.TryTake(_state, Path.GetFileName(directory)) is { } lease)
            {
                return lease;
            }

            problems.AddDamage($"{directory} does not exist, or is being deleted.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{directory} cannot be held: {error.Message}", $"Let the node's user read and write {_state.Releases}.");
        }

        return null;
    }

    private (HotSet Set, IReadOnlyList<string> Warnings, Task<IReadOnlySet<string>> Changed)? Load(string directory, ManifestFile file, LoadedRelease? previous, Problems problems)
    {
        var images = HotImages.Read(file.Manifest, ReadFiles(directory, file.Manifest, problems), problems);
        var packages = _packageSets.Open(file.Manifest.Packages, problems);
        new ReferenceCheck(file.Manifest, images, packages, _defaults, problems).Run();
        var service = images.Entry is null
            ? null
            : new ServiceTypes(name => images.Find(name)?.Image ?? packages?.Files.Find(name)?.Image).Find(images.Entry.Image, problems);
        if (problems.Any)
        {
            return null;
        }

        var content = new NativeFiles(directory, file.Manifest.Files.Where(one => one.Kind == ReleaseFileKind.Content).Select(one => one.Path));
        var own = VersionPackages.Of(file.Manifest, packages, _defaults, _keep);
        using var loading = own?.Use();
        var identities = new HotIdentities(images, packages, _defaults, own);
        var load = new HotLoad(
            images,
            identities,
            image => new($"{image.Name} of {file.Manifest.Id}", image, packages, content, _defaults, _keep, identities.VersionPackagesOf(image).Any() ? own : null),
            image => new Held(content.Any ? ReleaseLease.TryTake(_state, file.Manifest.Id) : null, identities.VersionPackagesOf(image).Any() ? own!.Use() : null),
            problems);
        if (load.Run(service!, previous) is not { } loaded)
        {
            return null;
        }

        var code = loaded with { Packages = own };

        LoadingLog.Loaded(_logger, file.Manifest.Id, load.Fresh.Count(), code.Assemblies.Count - load.Fresh.Count());
        // Asked for at the next load: until then there is time.
        return (code, Warnings(load.Fresh, previous), Task.Run(() => ChangedStatics.Of(images.All)));
    }

    /// <summary>What an assembly needs for as long as a loaded release has it.</summary>
    private sealed record Held(IDisposable? Release, IDisposable? Packages) : IDisposable
    {
        public void Dispose()
        {
            Release?.Dispose();
            Packages?.Dispose();
        }
    }

    private static Dictionary<string, byte[]> ReadFiles(string directory, ReleaseManifest manifest, Problems problems)
    {
        var bytes = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        new FileCheck(directory, $"Release {manifest.Id}", problems).Run(
            manifest.Files,
            mayBeThere: [ReleaseManifest.FileName],
            wanted: file => file.Kind is ReleaseFileKind.Hot or ReleaseFileKind.Symbols,
            take: (file, content) => bytes.Add(file.Path, content));
        return bytes;
    }

    private static List<string> Warnings(IEnumerable<HotImage> fresh, LoadedRelease? previous) =>
    [
        .. fresh
            .Where(image => previous?.FindHot(image.Name) is not null)
            .SelectMany(image => image.Image.MutableStatics)
            .Where(field => previous!.ChangedStatics.Result.Contains(field))
            .Select(field => $"Static {field} starts afresh: keep what must last in an actor's state."),
    ];

    private void Retiring(LoadedRelease release, IReadOnlyList<(string Name, HotContext Context)> going, Type[] types)
    {
        _handlers.ClearCaches(types);
        LoadingLog.Retired(_logger, release.Manifest.Id, string.Join(", ", going.Select(one => one.Name)));
    }
}
