namespace WatchReload.Daemon.Configuration;

/// <summary>A setting, as the binder asks for it: the one list that watch.json, schema, environment and documentation are checked against.</summary>
/// <param name="Path"><c>watch.settle</c>; <c>nodes[].name</c> in the objects of a list.</param>
/// <param name="Type">text, path, integer, duration, size, choice, list, map, objects.</param>
/// <param name="Default">As one would write it in watch.json.</param>
/// <param name="HostOnly">Decides who may deploy, or what is taken back: not for the tree.</param>
internal sealed record KnownKey(string Path, string Type, string Default, bool HostOnly = false)
{
    /// <summary>In place of a default.</summary>
    public const string Needed = "needed";

    public IReadOnlyList<string> Choices { get; init; } = [];
    public bool Nullable => Default == "null";
    public bool InList => Path.Contains("[]", StringComparison.Ordinal);
}
