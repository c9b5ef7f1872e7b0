using WatchReload.Control;

namespace WatchReload.Hosting.Loading;

/// <summary>The package sets in use, by hash. A set is verified when it is first needed, and stays for the life of the process.</summary>
internal sealed class PackageSets(StateDirectory state, DefaultAssemblies defaults)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (PackageContext Context, IReadOnlyList<ReleaseFile> Files)> _open = new(StringComparer.Ordinal);

    /// <summary>How many there are: each is in memory for the life of the process.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _open.Count;
        }
    }

    /// <summary>Null when the release has no packages, or, with the reasons among the problems, when they cannot be used.</summary>
    public PackageContext? Open(PackageSet? set, Problems problems)
    {
        if (set is null)
        {
            return null;
        }

        lock (_gate)
        {
            if (_open.TryGetValue(set.Hash, out var known))
            {
                if (!set.Files.SequenceEqual(known.Files))
                {
                    problems.AddDamage($"Package set {set.Hash} has other files in this release's {ReleaseManifest.FileName} than in an earlier one's.");
                }

                return known.Context;
            }

            if (PackageFiles.Read(state.PackageSet(set.Hash), set, problems) is not { } files)
            {
                return null;
            }

            var context = new PackageContext(set.Hash, files, defaults);
            _open.Add(set.Hash, (context, set.Files));
            return context;
        }
    }
}
