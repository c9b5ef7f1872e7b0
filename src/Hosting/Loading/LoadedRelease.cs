using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.Loader;
using WatchReload.Control;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// A release in memory. What it hands out (types, assemblies) must not be kept beyond <see cref="Retire"/> by anyone who wants it
/// unloaded; the object itself may be kept, it refers to nothing of the release afterwards.
/// </summary>
internal sealed class LoadedRelease
{
    private readonly Lock _gate = new();
    private readonly Action<LoadedRelease, IReadOnlyList<(string Name, HotContext Context)>, Type[]> _retiring;
    private readonly List<ReleaseLease> _leases;
    private HotSet? _code;
    private TypeGenerations _generations = TypeGenerations.First;
    private int _deltas;
    private int _applied;
    private UnloadTicket? _ticket;
    private FrozenSet<Assembly> _own;

    public LoadedRelease(
        ManifestFile manifest,
        string contentRoot,
        HotSet code,
        IReadOnlyList<string> warnings,
        ReleaseLease lease,
        Action<LoadedRelease, IReadOnlyList<(string Name, HotContext Context)>, Type[]> retiring)
    {
        (Manifest, ManifestHash) = manifest;
        ContentRoot = contentRoot;
        Mvid = code.Entry.ManifestModule.ModuleVersionId;
        Warnings = warnings;
        _code = code;
        _own = code.Assemblies.Where(hot => !hot.WasShared).Select(hot => hot.Assembly).ToFrozenSet();
        _leases = [lease];
        _retiring = retiring;
    }

    public ReleaseManifest Manifest { get; private set; }

    /// <summary>SHA-256 of release.json's bytes, lower-case hex.</summary>
    public string ManifestHash { get; private set; }

    /// <summary>How many deltas it is ahead of the release that the manifest names.</summary>
    public int Deltas => _deltas;

    /// <summary>The release's directory.</summary>
    public string ContentRoot { get; }

    /// <summary>The entry assembly's module version id.</summary>
    public Guid Mvid { get; }

    /// <summary>What a person should know, such as mutable statics that start afresh. Never a reason to refuse.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Statics that its code changes: what they hold is lost when their assembly is loaded anew. As <see cref="StaticFields"/> names them.</summary>
    public required Task<IReadOnlySet<string>> ChangedStatics { get; init; }

    /// <summary>The one public class that implements IService; it has a public parameterless constructor.</summary>
    public Type ServiceType => Code.ServiceType;

    public Assembly Entry => Code.Entry;

    public IReadOnlyList<HotAssembly> Hot => Code.Assemblies;

    /// <summary>All types of the hot assemblies; of those that deltas have made anew the newest.</summary>
    public IReadOnlyList<Type> Types => _generations.Of(Code.Types);

    /// <summary>Deltas have made types of it anew.</summary>
    public bool HasRemadeTypes => _generations.Any;

    private HotSet Code => _code ?? throw new ObjectDisposedException($"release {Manifest.Id}", "It was retired; its types are no longer to be used.");

    /// <summary>Null when it has none of that name, or is retired.</summary>
    public HotAssembly? FindHot(string name) => _code?.Find(name);

    /// <summary>What is loaded, for whoever makes deltas; null when it is retired.</summary>
    public IReadOnlyList<LoadedAssembly>? Loaded()
    {
        lock (_gate)
        {
            return _code is null ? null : [.. _code.Assemblies.Select(hot => new LoadedAssembly(hot.Name, hot.Assembly.ManifestModule.ModuleVersionId, hot.Generation, hot.Delta))];
        }
    }

    /// <summary>Whether the assembly is hot in this release, shared with an earlier release or not.</summary>
    public bool Has(Assembly assembly) => Code.Has(assembly);

    /// <summary>The same of a type: one that a delta has made anew since is of the release after it alone, and the one before it of those before.</summary>
    public bool Has(Type type) => Has(type.Assembly) && _generations.Has(type);

    /// <summary>Whether the type, or one that it is made of, came with this release: no code of a release before it can have made an object of it.</summary>
    public bool Brought(Type type) => type.HasElementType
        ? Brought(type.GetElementType()!)
        : _own.Contains(type.Assembly) || (type.IsConstructedGenericType && type.GenericTypeArguments.Any(Brought));

    /// <summary>Whether the release has no other type for it: false of those that a delta has made anew since, or that came with a later one.</summary>
    public bool Means(Type type) => !Has(type.Assembly) || _generations.Has(type);

    /// <summary>Whether <paramref name="assembly"/> is hot in one of the two releases and not the same in the other.</summary>
    public bool IsReloadedComparedTo(LoadedRelease previous, Assembly assembly) => Has(assembly) != previous.Has(assembly);

    /// <summary>The hot type of that <see cref="Type.FullName"/>: of the named assembly, or of the entry assembly first and then of any other.</summary>
    public Type? FindType(string fullName, string? assemblyName = null) => assemblyName is not null
        ? Find(Code.Find(assemblyName)?.Assembly, fullName) ?? Code.Packages?.Assemblies.FirstOrDefault(package => package.GetName().Name == assemblyName)?.GetType(fullName)
        : Code.Assemblies.Select(hot => hot.Assembly).Prepend(Code.Entry).Select(assembly => Find(assembly, fullName)).FirstOrDefault(type => type is not null);

    private Type? Find(Assembly? assembly, string fullName) => assembly is null ? null : _generations.Find(assembly, fullName);

    /// <summary>The same assemblies once more, as they are after deltas; null when it is being retired.</summary>
    /// <param name="tree">What they are now.</param>
    /// <param name="lease">Of the release that it was loaded from.</param>
    public LoadedRelease? WithDelta(TreeDelta tree, ReleaseLease lease)
    {
        var shared = new List<HotAssembly>();
        foreach (var hot in Code.Assemblies)
        {
            if (!hot.TryShare())
            {
                shared.ForEach(one => one.LetGo());
                return null;
            }

            shared.Add(hot);
        }

        // No release has this content yet: it is known by its tree.
        var manifest = Manifest with { SourceHash = tree.SourceHash, ContentHash = tree.SourceHash, Commit = tree.Commit, Clean = tree.Clean, Lane = "delta" };
        return new LoadedRelease(new ManifestFile(manifest, ManifestHash), ContentRoot, Code, [], lease, _retiring) { _deltas = _deltas + 1, ChangedStatics = ChangedStatics };
    }

    /// <summary>What the deltas have made anew it means from now on: called once they are applied, before anybody else has the release.</summary>
    /// <param name="remade">What they have made anew, with their names in source.</param>
    public void Updated(IReadOnlyDictionary<Type, string> remade)
    {
        Code.Remade(remade);
        (_generations, _applied) = (Code.Generations, Code.Applied);
    }

    /// <summary>All that the deltas have made has been told.</summary>
    public void Known() => Code.IsUnknown = false;

    /// <summary>A delta was applied since, and not committed: the assemblies have more than the release means.</summary>
    public bool IsOvertaken => Code.Applied > _applied;

    /// <summary>No delta can be made upon it any more; see <see cref="HotSet.IsUnknown"/>.</summary>
    public bool IsUnknown => Code.IsUnknown;

    /// <summary>A delta was applied, in whole or in part, to one of its assemblies: what has become of it is unknown until <see cref="Known"/>, and no release shares it any more.</summary>
    public void Applied(string assembly)
    {
        (Code.Applied, Code.IsUnknown) = (Code.Applied + 1, true);
        foreach (var hot in Hot.Where(hot => hot.Sees(assembly)))
        {
            hot.Diverge();
        }
    }

    /// <summary>A release of the very tree that is loaded has been built: that is what it is called from now on.</summary>
    /// <param name="file">Of the release.</param>
    /// <param name="lease">Of the release.</param>
    public void Adopt(ManifestFile file, ReleaseLease lease)
    {
        lock (_gate)
        {
            (Manifest, ManifestHash) = file;
            _deltas = 0;
            if (_ticket is null) _leases.Add(lease);
            else lease.Dispose();
        }
    }

    /// <summary>
    /// Lets go: contexts that no other loaded release shares are unloaded, caches of frameworks and packages are told. To be called
    /// when the version's last turn has ended and its container is disposed. A second call gives the same ticket.
    /// </summary>
    public UnloadTicket Retire()
    {
        lock (_gate)
        {
            return _ticket ??= Release();
        }
    }

    private UnloadTicket Release()
    {
        var going = new List<(string Name, HotContext Context)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var hot in Code.Assemblies)
        {
            if (hot.LetGo() is { } context)
            {
                going.Add((hot.Name, context));
                names.Add(hot.Name);
            }
        }

        var isKept = AssemblyLoadContext.GetLoadContext(Code.Entry) is { IsCollectible: false };
        var types = Code.Types.Where(type => names.Contains(type.Assembly.GetName().Name!)).ToArray();
        (_code, _own, _generations) = (null, [], TypeGenerations.First);
        _retiring(this, going, types);
        foreach (var (_, context) in going)
        {
            if (context.IsCollectible) context.Unload();
        }

        _leases.ForEach(lease => lease.Dispose());
        return new(going, isKept);
    }
}
