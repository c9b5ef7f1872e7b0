using System.Security.Cryptography;
using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>Compares what the replay made with what MSBuild makes of the same tree: assemblies and symbols, byte for byte.</summary>
internal sealed class Verification
{
    private readonly bool _succeeded;
    private readonly Dictionary<string, string> _images;

    /// <param name="replayed">Is read now: MSBuild may write over what was its own and still is the newest.</param>
    public Verification(LaneResult replayed) => (_succeeded, _images) = (replayed.Succeeded, Images(replayed));

    /// <summary>What the replay does that MSBuild does not; null when they do the same.</summary>
    /// <param name="built">By MSBuild; null when the projects cannot be evaluated.</param>
    public string? Difference(LaneResult? built)
    {
        if (built is not { Succeeded: true })
            return _succeeded ? "succeeds where MSBuild fails" : null;
        if (!_succeeded)
            return "fails where MSBuild succeeds";
        var images = Images(built);
        var other = _images.Keys.Union(images.Keys).Order(StringComparer.Ordinal).FirstOrDefault(path => _images.GetValueOrDefault(path) != images.GetValueOrDefault(path));
        return other is null ? null : $"makes another {other} than MSBuild";
    }

    private static Dictionary<string, string> Images(LaneResult result) => result.Outputs
        .Where(output => output.Kind is ReleaseFileKind.Hot or ReleaseFileKind.Symbols)
        .ToDictionary(output => output.Path, output => Hash(output.Source), StringComparer.Ordinal);

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }
}
