namespace WatchReload.Daemon.Watching;

/// <summary>Where inputs that are links lead, for events name the file and not the links to it.</summary>
internal sealed class LinkTargets
{
    private const int MostHops = 8;

    private readonly Dictionary<string, List<string>> _links = new(Paths.Comparer);
    private readonly DirectoryIndex _directories = new();

    /// <summary>Every path on the way from the link, to the last, which may not exist.</summary>
    public static IEnumerable<string> Of(string path)
    {
        for (var hop = 0; hop < MostHops && Next(path) is { } target; hop++)
            yield return path = target;
    }

    public bool Contains(string target) => _links.ContainsKey(target);

    public void Add(string target, string link)
    {
        if (!_links.TryGetValue(target, out var links))
        {
            _links.Add(target, links = []);
            _directories.Add(target);
        }
        links.Add(link);
    }

    /// <summary>The links that lead to a path, or to what lies below it.</summary>
    public IEnumerable<string> LinksTo(string path) => _links.Count == 0 ? [] : _directories.Below(path).Prepend(path).SelectMany(target => _links.GetValueOrDefault(target, []));

    private static string? Next(string path)
    {
        try
        {
            return new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: false)?.FullName : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, or a loop: there is nothing that it could lead to.
            return null;
        }
    }
}
