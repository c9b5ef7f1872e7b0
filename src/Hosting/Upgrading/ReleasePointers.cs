using System.Text.Json;
using WatchReload.Control;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// <c>current</c>, <c>trial</c> and <c>bad</c>: what the node starts on. Written by nodes alone, synced, so that they hold after a
/// kill or a power cut. The last is of all nodes of the state directory, which write it one after the other.
/// </summary>
internal sealed class ReleasePointers(StateDirectory state, string node)
{
    /// <summary>Who holds the lock writes a line.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>For a node that starts, which cannot try again later.</summary>
    private static readonly TimeSpan PatienceAtStart = TimeSpan.FromSeconds(10);

    public string? Current => PointerFile.Read(state.Current(node));

    public string? Trial => PointerFile.Read(state.Trial(node));

    public void BeginTrial(string release) => Write(state.Trial(node), release);

    /// <summary>From now on it is started on, whatever could not be started before: but what was started instead of that says nothing of it.</summary>
    public void MakeCurrent(string release)
    {
        if (StartedInstead is { } instead && instead != release) DurableFile.Delete(state.Fallback(node));
        Write(state.Current(node), release);
        EndTrial();
    }

    public void EndTrial() => DurableFile.Delete(state.Trial(node));

    /// <summary>The content is not to be delivered again unless forced. Whoever cannot wait tries again later.</summary>
    /// <exception cref="IOException">It cannot be written, or another node is writing.</exception>
    public void MarkBad(string contentHash) => MarkBad(contentHash, Patience).GetAwaiter().GetResult();

    /// <summary>The same, before the node has anything to do.</summary>
    /// <exception cref="IOException">It cannot be written, or another node has been writing for too long.</exception>
    public Task MarkBadAtStart(string contentHash) => MarkBad(contentHash, PatienceAtStart);

    private async Task MarkBad(string contentHash, TimeSpan patience)
    {
        using var alone = await FileLock.Acquire(state.Bad + ".lock", patience, TimeProvider.System)
            ?? throw new IOException($"{state.Bad}.lock is held by another process for over {patience.TotalSeconds:0.#} s.");
        AddBad(contentHash);
    }

    /// <summary>By the one who holds the lock.</summary>
    private void AddBad(string contentHash)
    {
        var known = File.Exists(state.Bad) ? File.ReadAllLines(state.Bad) : [];
        if (!known.Contains(contentHash, StringComparer.Ordinal)) DurableFile.Write(state.Bad, string.Join('\n', [.. known, contentHash]) + "\n");
    }

    /// <summary>Null: the node was started on what it chooses. No release's id: that cannot be read, and is for none.</summary>
    private string? StartedInstead
    {
        get
        {
            try
            {
                return JsonSerializer.Deserialize(File.ReadAllBytes(state.Fallback(node)), ControlJson.Default.FallenBack)?.Instead ?? "";
            }
            catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
            catch (JsonException)
            {
                return "";
            }
        }
    }

    private static void Write(string path, string release)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        DurableFile.Write(path, release + "\n");
    }
}
