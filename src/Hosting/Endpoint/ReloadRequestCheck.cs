using System.Text.RegularExpressions;
using WatchReload.Control;

namespace WatchReload.Hosting.Endpoint;

/// <summary>Looks at the form of a request, and at where it points; what the release holds is looked at when it is loaded.</summary>
internal static partial class ReloadRequestCheck
{
    private static readonly TimeSpan LongestProbation = TimeSpan.FromDays(1);

    /// <summary>All that is wrong with it; none when it is well-formed.</summary>
    public static IEnumerable<string> Problems(ReloadRequest request, StateDirectory state)
    {
        if (!ReleaseId.IsOne(request.Release))
            yield return $"release: \"{request.Release}\" is not a release id.";
        if (!Sha256().IsMatch(request.ManifestHash))
            yield return "manifestHash: not a SHA-256 in lower-case hex.";
        if (request.ExpectInstance.Length is 0 or > 128)
            yield return "expectInstance: not the name of a run of a node.";
        if (request.ExpectVersion < 0)
            yield return $"expectVersion: {request.ExpectVersion} is not a version.";
        if (request.Fence < 0)
            yield return $"fence: {request.Fence} is not a fence.";
        if (!Word().IsMatch(request.Cause))
            yield return "cause: not a word of lower-case letters.";
        if (!(request.ProbationSeconds >= 0 && request.ProbationSeconds <= LongestProbation.TotalSeconds))
            yield return $"probationSeconds: {request.ProbationSeconds} is not between 0 and {LongestProbation.TotalSeconds}.";
        if (request.Delta is { } delta && !(Sha256().IsMatch(delta.SourceHash) && delta.Assemblies is { Count: > 0 } assemblies && assemblies.All(a => a is not null)))
            yield return "delta: it names no tree, or has no assembly.";
        if (RealPath.WhyNotBelow(state.Root, request.Directory) is { } why)
            yield return $"directory: {why}";
    }

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();

    [GeneratedRegex(@"\A[a-z]{1,32}\z")]
    private static partial Regex Word();
}
