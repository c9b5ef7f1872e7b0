using WatchReload.Control;

namespace WatchReload.Daemon.Flow;

/// <summary>The releases that were built of commits at the gate, and rehearsed: when such a commit comes, that very release is deployed, not built again.</summary>
internal sealed class AcceptedReleases(StateDirectory state)
{
    private const int Kept = 50;

    private string FileName => Path.Combine(state.Root, "accepted");

    public void Remember(string commit, string release) =>
        DurableFile.Write(FileName, string.Concat(Lines().Where(line => !line.StartsWith(commit, StringComparison.Ordinal)).Append($"{commit} {release}").TakeLast(Kept).Select(line => line + "\n")));

    /// <summary>The release's id; null when the commit did not come through the gate.</summary>
    public string? Of(string commit) => Lines().Select(line => line.Split(' ')).LastOrDefault(parts => parts.Length == 2 && parts[0] == commit)?[1];

    private string[] Lines() => File.Exists(FileName) ? File.ReadAllLines(FileName) : [];
}
