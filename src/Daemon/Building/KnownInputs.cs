using WatchReload.Control;

namespace WatchReload.Daemon.Building;

internal static class KnownInputs
{
    /// <summary>When projects could not be evaluated, the inputs of the evaluation before still hold: what mends it is likely among them.</summary>
    public static BuildInputs OrAtLeast(this BuildInputs found, BuildInputs? before) => before is null || found.Files.Count > 0 ? found : new BuildInputs
    {
        Projects = [.. before.Projects.Union(found.Projects)],
        Files = before.Files,
        Imports = [.. before.Imports.Union(found.Imports)],
        Patterns = before.Patterns,
        Heads = before.Heads,
    };
}
