using System.Text.Json;
using WatchReload.Control;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting;

/// <summary>
/// What a node starts on. A trial that is still there means that the node died on it: its content is marked bad, and the node starts
/// on <c>current</c>, unless it is told another release, by somebody who knows that.
/// </summary>
internal static class FirstLoad
{
    public static async Task<ReloadReport> Run(NodeOptions options, string instance, ReleasePointers pointers, Reloader reloader)
    {
        var current = pointers.Current;
        var trial = pointers.Trial;
        var release = options.Release ?? current;
        if (trial is not null && trial != current)
        {
            if (ContentHash(options.State, trial) is { } content) await pointers.MarkBadAtStart(content);
            pointers.EndTrial();
            reloader.DiedOnTrial(trial, release, options.Time.GetUtcNow());
        }

        if (release is null) return Report("There is no release to start on: build one first (watchreload run, or watchreload watch, does).", null);
        if (!ReleaseId.IsOne(release)) return Report($"\"{release}\" is not a release id. `watchreload releases` lists those that are there; `watchreload restart RELEASE` starts on one.", null);
        if (!Directory.Exists(options.State.Release(release)))
            return Report($"The release {release} is not in {options.State.Releases}. `watchreload releases` lists those that are.", release);
        return await reloader.Start(new ReloadRequest
        {
            Release = release,
            Directory = options.State.Release(release),
            ManifestHash = "",
            ExpectInstance = instance,
            ExpectVersion = 0,
            Fence = 0,
            Cause = "start",
            ProbationSeconds = options.Probation.TotalSeconds,
        }, onTrial: current is not null && current != release);
    }

    /// <summary>Leaves the report where the daemon finds it.</summary>
    public static ReloadReport Record(NodeOptions options, ReloadReport report)
    {
        DurableFile.Write(options.State.StartFailure(options.Name), JsonSerializer.SerializeToUtf8Bytes(report, ControlJson.Default.ReloadReport));
        return report;
    }

    private static ReloadReport Report(string problem, string? release) => new() { Verdict = ReloadVerdict.Refused, Release = release, Problems = [problem] };

    private static string? ContentHash(StateDirectory state, string release)
    {
        if (!ReleaseId.IsOne(release)) return null;
        try
        {
            var bytes = File.ReadAllBytes(Path.Combine(state.Release(release), ReleaseManifest.FileName));
            return JsonSerializer.Deserialize(bytes, ControlJson.Default.ReleaseManifest)?.ContentHash;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException)
        {
            // Without a manifest it cannot be delivered again either.
            return null;
        }
    }
}
