using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

/// <summary>The tree as it was handed on last, beside the tree as it is.</summary>
/// <remarks>
/// A build reads files after they were handed on. One that was something else in between, and is back, may be built as it was in between: it counts as
/// changed, though nothing differs. So what is touched while somebody may be building is looked at at once, and remembered when it differs (<see cref="Observe"/>);
/// when a build ends (<see cref="Adopt"/>) that becomes a doubt, which the next comparison hands on.
/// </remarks>
internal sealed class WatchedTree(WatcherSettings settings, TimeProvider time)
{
    /// <summary>More than these are not read one by one as their events arrive.</summary>
    private const int MostObserved = 64;

    private readonly TreeFilter _filter = new(settings);
    private readonly Inventory _inventory = new(time);
    private readonly Dictionary<string, FileStamp> _suspected = new(Paths.Comparer);
    private readonly HashSet<string> _between = new(Paths.Comparer);
    private readonly HashSet<string> _doubts = new(Paths.Comparer);
    private BuildInputs? _inputs;
    private HashSet<string> _links = new(Paths.Comparer);
    private bool _builtSince;
    private bool _unseen;
    private bool _moved;
    private DateTimeOffset _handedOn;

    /// <summary>Safe to call from any thread.</summary>
    public bool IsOut(string path) => _filter.IsOut(path);

    /// <summary>What to have events of.</summary>
    public WatchPlan Plan { get; private set; } = WatchPlan.Of(settings.Root);

    public void TakeStock()
    {
        _handedOn = time.GetUtcNow();
        foreach (var path in Walk(settings.Root))
            _inventory.Add(path);
    }

    /// <summary>Takes over what a build named as inputs. Gives the paths that may have changed since the build was handed the tree.</summary>
    public List<string> Adopt(BuildInputs inputs)
    {
        _builtSince = true;
        _doubts.UnionWith(_between);
        _between.Clear();
        if (inputs.Projects.Count == 0)
            return []; // no evaluation, as without an SDK: and yet it may have been for what is undone by now
        if (inputs.Heads.Count > 0)
            inputs = inputs with { Files = [.. inputs.Files.Union(inputs.Heads.SelectMany(HeadFiles.Of), Paths.Comparer)] };
        // After most builds nothing is new, and then nothing here may cost what the tree is large.
        if (!_unseen && Plan.Missing.Count == 0 && _inputs is { } before && Equal(before, inputs))
            return [];
        var first = _inputs is null;
        (_inputs, _unseen) = (inputs, false);
        _filter.Adopt(inputs, _inventory.Untouched().ToList());
        var behind = PlanWith(inputs);
        // The stock was taken without what lies behind links, but evaluation has seen it.
        if (first)
            _filter.PassOver(behind = behind.Where(path => !FileStamp.Of(path).MayBeSince(_handedOn)).ToList());
        _inventory.Forget(_inventory.Files.Where(path => !_filter.Counts(path)).ToList());
        var doubtful = new List<string>();
        foreach (var path in _filter.Named.Where(path => !_inventory.Knows(path)))
        {
            // Nobody watched it while it was built.
            if (FileStamp.Of(path).MayBeSince(_handedOn))
                doubtful.Add(path);
            else
                _inventory.Add(path);
        }
        doubtful.AddRange(_inventory.Pin(_filter.Named));
        if (!first)
            doubtful.AddRange(behind);
        return doubtful;
    }

    /// <summary>Where files lie has changed since the last build. Gives what has come to light.</summary>
    public List<string> PlanAnew() => _inputs is { } inputs ? PlanWith(inputs) : [];

    /// <summary>Gives the files behind links that were not followed before.</summary>
    private List<string> PlanWith(BuildInputs inputs)
    {
        var walks = _filter.CandidateDirectories.Select(directory => TreeWalk.Of(directory, _filter)).ToList();
        var links = walks.SelectMany(walk => walk.Links).ToHashSet(Paths.Comparer);
        var unknown = walks.SelectMany(walk => walk.Files).Where(path => !_inventory.Knows(path) && _filter.Counts(path)).ToList();
        var behind = unknown.Where(path => links.Any(link => !_links.Contains(link) && Paths.IsBelow(path, link))).ToList();
        _links = links;
        Plan = WatchPlan.Of(settings.Root, inputs, links, unknown.Where(IsLink));
        return behind;
    }

    /// <summary>Something happened to the path while a build may be reading it.</summary>
    /// <param name="path">What it is about.</param>
    /// <param name="isMove">A directory may have been elsewhere for a while, with all that is in it.</param>
    public void Observe(string path, bool isMove)
    {
        if (isMove)
            _between.UnionWith(_inventory.Below(path));
        if (_between.Contains(path) || !Counts(path))
            return;
        if (_between.Count >= MostObserved || _inventory.ContentDiffers(path))
            _between.Add(path);
    }

    /// <summary>The paths that look changed without being read: for where events do not tell.</summary>
    public List<string> Suspects()
    {
        var candidates = _filter.HasInputs ? _filter.CandidateDirectories.SelectMany(Walk).Concat(_filter.FoundByPlace()) : Walk(settings.Root);
        return _inventory.Files.Concat(_filter.Named).Concat(candidates).Distinct(Paths.Comparer).Where(_inventory.IsSuspect).ToList();
    }

    /// <summary>Those among the suspects that were written since the look before. The others are pending already, and must be let come to rest.</summary>
    public List<string> NewSuspects()
    {
        var fresh = new List<string>();
        foreach (var path in Suspects())
        {
            var stamp = FileStamp.Of(path);
            if (_suspected.TryGetValue(path, out var before) && before == stamp)
                continue;
            _suspected[path] = stamp;
            fresh.Add(path);
        }
        return fresh;
    }

    /// <summary>Compares what the hints name, directories with all that is and was in them.</summary>
    public List<FileChange> Compare(IReadOnlyCollection<string> hints)
    {
        var paths = new HashSet<string>(Paths.Comparer);
        foreach (var hint in hints)
        {
            if (Counts(hint))
                paths.Add(hint);
            paths.UnionWith(_inventory.Below(hint));
            if (Directory.Exists(hint) && !_filter.IsOut(hint))
            {
                paths.UnionWith(Walk(hint));
                _moved = true;
                // Evaluation finds other files behind another link, even if each that it knows is still come to.
                if (_filter.HasInputs && IsLink(hint))
                    _doubts.UnionWith(_inventory.Below(hint));
            }
            else if (!FileStamp.Of(hint).Exists)
            {
                _filter.Gone(hint);
                // A link to a file that is not there yet, to be noticed when it comes.
                _moved |= IsLink(hint);
            }
        }
        return WithDoubts(_inventory.Compare(paths), paths);
    }

    public List<FileChange> CompareAll()
    {
        var paths = _inventory.Files.Concat(_filter.Named).Concat(Walk(settings.Root)).Concat(_filter.CandidateDirectories.Where(directory => !Paths.IsBelow(directory, settings.Root)).SelectMany(Walk)).Concat(_filter.FoundByPlace()).Distinct(Paths.Comparer).Where(path => !_inventory.IsSurelySame(path)).ToList();
        // Nobody told what happened in between; what was written to may have been anything.
        if (_builtSince)
            _doubts.UnionWith(paths.Where(path => _inventory.Knows(path) && _inventory.StampDiffers(path)));
        return WithDoubts(_inventory.Compare(paths), paths);
    }

    /// <summary>Gives what has come to light behind new links.</summary>
    public List<string> HandOn(List<FileChange> changes)
    {
        _inventory.Apply(changes);
        // No build comes to look at what a directory now leads to.
        var behind = _moved && changes.Count == 0 ? PlanAnew() : [];
        _unseen |= _moved && changes.Count > 0;
        _moved = false;
        _unseen |= changes.Exists(change => !_filter.Named.Contains(change.Path) || IsLink(change.Path));
        _suspected.Clear();
        _between.Clear();
        _doubts.Clear();
        _builtSince = false;
        _handedOn = time.GetUtcNow();
        return behind;
    }

    private List<FileChange> WithDoubts(List<FileChange> changes, IReadOnlyCollection<string> looked)
    {
        if (_doubts.Count == 0)
            return changes;
        var told = changes.Select(change => change.Path).ToHashSet(Paths.Comparer);
        changes.AddRange(_inventory.Compare(_doubts.Except(looked, Paths.Comparer).ToList()).Where(change => told.Add(change.Path)));
        changes.AddRange(_doubts.Where(told.Add).Select(path => new FileChange(path, _inventory.Known(path), _inventory.Known(path))));
        changes.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return changes;
    }

    /// <summary>Whether a change of that file is a change of the tree.</summary>
    public bool Counts(string path) => _inventory.Knows(path) || _filter.Counts(path);

    private IEnumerable<string> Walk(string directory) => TreeWalk.Of(directory, _filter).Files.Where(_filter.Counts);

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static bool Equal(BuildInputs one, BuildInputs other) =>
        one.Projects.SequenceEqual(other.Projects) && one.Imports.SequenceEqual(other.Imports) && one.Files.SequenceEqual(other.Files) && one.Patterns.SequenceEqual(other.Patterns);
}
