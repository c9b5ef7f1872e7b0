using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>
/// <c>history.jsonl</c>: every attempt, a line each. Appended in one write under a lock (.NET has no append that the system makes atomic),
/// and synced; past its size limit the older half goes. A line that a crash tore is ended by the next append, and skipped by readers.
/// </summary>
internal sealed class History(StateDirectory state, TimeProvider time, ILogger<History> log)
{
    private const int LargestBytes = 4 << 20;
    private const int LargestProblem = 2000;
    private const int MostProblems = 20;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>A history that cannot be written is logged and stops nothing: what was delivered is delivered.</summary>
    public async Task Append(HistoryEntry entry, CancellationToken cancellation = default)
    {
        try
        {
            OwnedPath.EnsureState(state);
            using var held = await FileLock.Acquire(state.History + ".lock", _patience, time, cancellation).ConfigureAwait(false);
            if (held is null)
                log.HistoryNotWritten(entry.Verdict, $"another process has held {state.History}.lock for {_patience.TotalSeconds:0} s");
            else
                Write(JsonSerializer.SerializeToUtf8Bytes(Capped(entry), HistoryJson.Default.HistoryEntry));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StateException)
        {
            log.HistoryNotWritten(entry.Verdict, e.Message);
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<HistoryEntry> Read(int max = int.MaxValue) => [.. Entries(state).Take(max)];

    /// <summary>Ids of all releases that the history names.</summary>
    internal static IEnumerable<string> ReleasesIn(StateDirectory state) => Entries(state).Select(entry => entry.Release).OfType<string>();

    /// <summary>Ids of the releases that a rollback may go back to.</summary>
    internal static IEnumerable<string> ToGoBackTo(StateDirectory state) => ServedReleases.ToGoBackTo(Entries(state).Reverse());

    /// <summary>Ids of all releases that served on the node; null: on any.</summary>
    internal static IEnumerable<string> Served(StateDirectory state, string? node) => ServedReleases.On(node, Entries(state).Reverse());

    /// <summary>Ids of the releases that were last refused, taken back, or only rehearsed.</summary>
    internal static IEnumerable<string> NotLetIn(StateDirectory state) => ServedReleases.NotLetIn(Entries(state));

    /// <summary>Ids of the releases of which a rehearsal was the last.</summary>
    internal static IEnumerable<string> OnlyRehearsed(StateDirectory state) => ServedReleases.OnlyRehearsed(Entries(state));

    private static IEnumerable<HistoryEntry> Entries(StateDirectory state)
    {
        string[] lines;
        try
        {
            lines = Encoding.UTF8.GetString(ReadAll(state.History)).Split('\n');
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            yield break;
        }

        foreach (var line in lines.Reverse())
        {
            if (Parse(line) is { } entry)
                yield return entry;
        }
    }

    private void Write(byte[] line)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // a state directory that was there before may be open to readers
        using (var file = new FileStream(state.History, options))
        {
            byte[] text = IsTorn(file) ? [(byte)'\n', .. line, (byte)'\n'] : [.. line, (byte)'\n'];
            file.Position = file.Length;
            file.Write(text);
            file.Flush(flushToDisk: true);
            if (file.Length <= LargestBytes)
                return;
        }

        var all = ReadAll(state.History).AsSpan();
        var newer = all[(all.Length / 2)..];
        DurableFile.Write(state.History, newer[(newer.IndexOf((byte)'\n') + 1)..]);
    }

    private static bool IsTorn(FileStream file)
    {
        if (file.Length == 0)
            return false;
        file.Position = file.Length - 1;
        return file.ReadByte() != '\n';
    }

    private static byte[] ReadAll(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static HistoryEntry? Parse(string line)
    {
        if (line.Length == 0)
            return null;
        try
        {
            return JsonSerializer.Deserialize(line, HistoryJson.Default.HistoryEntry);
        }
        catch (JsonException)
        {
            return null; // torn
        }
    }

    private static HistoryEntry Capped(HistoryEntry entry) => entry with
    {
        Problems = [.. entry.Problems.Take(MostProblems).Select(problem => problem.Length <= LargestProblem ? problem : problem[..LargestProblem] + "…")],
    };
}
