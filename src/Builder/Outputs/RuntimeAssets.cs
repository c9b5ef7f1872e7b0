using System.Runtime.InteropServices;
using WatchReload.Control;

namespace WatchReload.Builder.Outputs;

/// <summary>
/// Packages may bring assets for each platform, published under <c>runtimes/RID/</c>. A release is for the machine it is built on: of
/// each file the one that fits best is kept, where the portable one would lie, so that nobody has to choose again.
/// </summary>
internal static class RuntimeAssets
{
    private const string Folder = "runtimes/";

    /// <summary>The identifiers that this machine can use, best first.</summary>
    public static IReadOnlyList<string> Fitting { get; } = Fallbacks(RuntimeInformation.RuntimeIdentifier);

    public static IEnumerable<BuildOutput> ForThisMachine(IEnumerable<BuildOutput> packageFiles) => Choose(packageFiles, Fitting);

    internal static IEnumerable<BuildOutput> Choose(IEnumerable<BuildOutput> packageFiles, IReadOnlyList<string> fitting) => packageFiles
        .Select(file => Place(file, fitting))
        .Where(placed => placed.Rank >= 0)
        .GroupBy(placed => placed.File.Path)
        .Select(same => same.MinBy(placed => placed.Rank).File);

    internal static IReadOnlyList<string> Fallbacks(string runtimeIdentifier)
    {
        var dash = runtimeIdentifier.LastIndexOf('-');
        var (system, processor) = dash < 0 ? (runtimeIdentifier, "") : (runtimeIdentifier[..dash], runtimeIdentifier[(dash + 1)..]);
        string[] systems = system switch
        {
            "linux-musl" or "linux-bionic" => [system, "linux", "unix"],
            "win" => ["win"],
            "linux" => ["linux", "unix"],
            _ => [system, "unix"],
        };
        return [.. systems.SelectMany(name => (string[])[$"{name}-{processor}", name]), "any"];
    }

    /// <summary><c>runtimes/RID/native/FILE</c> and <c>runtimes/RID/lib/FRAMEWORK/FILE</c> become <c>FILE</c>; rank -1: for another platform.</summary>
    private static (BuildOutput File, int Rank) Place(BuildOutput file, IReadOnlyList<string> fitting)
    {
        var parts = file.Path.StartsWith(Folder, StringComparison.Ordinal) ? file.Path.Split('/') : [];
        var skip = parts.Length > 3 && parts[2] == "native" ? 3 : parts.Length > 4 && parts[2] == "lib" ? 4 : 0;
        if (skip == 0)
            return (file, fitting.Count);
        for (var rank = 0; rank < fitting.Count; rank++)
        {
            if (fitting[rank] == parts[1])
                return (file with { Path = string.Join('/', parts[skip..]) }, rank);
        }
        return (file, -1);
    }
}
