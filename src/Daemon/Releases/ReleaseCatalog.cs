using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>The releases on disk, read. Needs no lock: a release is there whole or not at all.</summary>
internal sealed partial class ReleaseCatalog(StateDirectory state, ILogger log)
{
    private const string ListThem = "\"watchreload releases\" lists those that are kept.";

    /// <summary>Numbers of all, damaged ones too, newest first.</summary>
    public IReadOnlyList<long> Numbers() => Directory.Exists(state.Releases)
        ? [.. Directory.EnumerateDirectories(state.Releases).Select(path => ReleaseId.Number(Path.GetFileName(path))).OfType<long>().OrderDescending()]
        : [];

    /// <summary>All that can be read, newest first.</summary>
    public IEnumerable<Release> Read()
    {
        foreach (var number in Numbers())
        {
            var (release, damage) = ManifestFile.Read(state.Release(ReleaseId.Of(number)));
            if (release is not null)
                yield return release;
            else if (Directory.Exists(state.Release(ReleaseId.Of(number)))) // else pruned meanwhile
                log.Damaged(ReleaseId.Of(number), damage!);
        }
    }

    public ReleaseLookup Find(string asked)
    {
        if (ReleaseId.Meant(asked) is { } number && Directory.Exists(state.Release(ReleaseId.Of(number))))
            return ById(ReleaseId.Of(number));
        var releases = Read().ToList();
        var byId = releases.Where(release => release.Id.StartsWith(asked, StringComparison.Ordinal)).ToList();
        if (asked.Length > 0 && byId.Count > 1)
            return new(null, $"{asked} may be {string.Join(", ", byId.Take(3).Select(release => release.Id))}{(byId.Count > 3 ? " and others" : "")}.", "Write more of the id.");
        if (asked.Length > 0 && byId.Count == 1)
            return byId[0];
        return CommitForm().IsMatch(asked) ? ByCommit(asked, releases) : new(null, $"There is no release {asked}.", ListThem);
    }

    /// <param name="bad">Content hashes that are passed over.</param>
    /// <param name="notLetIn">Ids that are passed over.</param>
    public ReleaseLookup Previous(string id, IReadOnlySet<string> bad, IReadOnlySet<string> notLetIn)
    {
        var from = ById(id);
        if (!from.Found)
            return from;
        var before = Read().FirstOrDefault(release =>
            ReleaseId.Number(release.Id) < ReleaseId.Number(id) && !notLetIn.Contains(release.Id) && release.Manifest.ContentHash != from.Release.Manifest.ContentHash && !bad.Contains(release.Manifest.ContentHash));
        return before is not null ? before : new ReleaseLookup(null, $"No release before {id} is kept that has other content, and was neither refused nor has failed on trial.", "Name the release to go to; " + ListThem);
    }

    private ReleaseLookup ById(string id)
    {
        if (!ReleaseId.IsOne(id) || !Directory.Exists(state.Release(id)))
            return new(null, $"There is no release {id}.", ListThem);
        var (release, damage) = ManifestFile.Read(state.Release(id));
        return release is not null ? release : new ReleaseLookup(null, $"Release {id} is damaged: {damage}", "Choose another; " + ListThem);
    }

    private static ReleaseLookup ByCommit(string prefix, List<Release> releases)
    {
        var found = releases.Where(release => release.Manifest.Commit?.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) == true).ToList();
        if (found.Count == 0)
            return new(null, $"There is no release {prefix}, and none of a commit that begins so.", ListThem);
        return found.Select(release => release.Manifest.Commit).Distinct().Count() == 1
            ? found[0]
            : new ReleaseLookup(null, $"Several commits begin with {prefix}.", "Write more of the commit.");
    }

    [GeneratedRegex(@"\A[0-9a-fA-F]{4,64}\z")]
    private static partial Regex CommitForm();
}
