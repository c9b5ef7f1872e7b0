using System.Text.Json;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Supervision;

/// <summary>What a node is started on when it cannot start on its newest release.</summary>
/// <remarks>
/// Theory of operation. <c>nodes/NAME/fallback</c> names a release that did not start, and what is started in its place:
/// as long as the node would choose the first, the other one is started. When that does not start either, or there is none, the newest release above all that were
/// tried takes its place, so that one that was built to mend this is started; it only ever goes up from there, so no two alternate. It has no effect once the node chooses something else. A deploy that serves forgets it; so does the node, before anything but that other one becomes
/// <c>current</c>: whoever deployed may have been killed before it could.
/// </remarks>
/// <param name="state">Where.</param>
/// <param name="node">Which node.</param>
/// <param name="other">What to start in place of the first, which does not start, when the second, if there is one, did not start in its place either; null: nothing.</param>
internal sealed class Fallback(StateDirectory state, string node, Func<string, string?, string?> other)
{
    /// <summary>What to start instead of this; itself when nothing is known against it.</summary>
    /// <param name="release">Null: what the node itself chooses, <c>current</c>.</param>
    public string? Instead(string? release) => Read() is { } fallen && fallen.Failed == (release ?? Current) ? fallen.Instead : release;

    /// <summary>The very release that a start goes to; null when there is none yet.</summary>
    public string? WouldStart(string? release) => Instead(release) ?? Current;

    /// <summary>What the next start goes by; null: the node's own choice.</summary>
    public FallenBack? InForce => Read() is { } fallen && fallen.Failed == Current ? fallen : null;

    /// <summary>The node could not start on this, nor on what is started instead of it: what to start now. Null when there is nothing.</summary>
    public FallenBack? Take(string? release)
    {
        if ((release ?? Current) is not { } failed)
            return null;
        var tried = Read() is { } before && before.Failed == failed ? before.Instead : null;
        if (other(failed, tried) is not { } instead)
            return null;
        var fallen = new FallenBack(failed, instead);
        DurableFile.Write(state.Fallback(node), JsonSerializer.SerializeToUtf8Bytes(fallen, ControlJson.Default.FallenBack));
        return fallen;
    }

    /// <summary>A deploy serves: the next start is the node's own choice. Where that cannot be written down it is logged: what stays behind counts for the release alone that it names.</summary>
    public static void Forget(StateDirectory state, string node, ILogger log)
    {
        try
        {
            DurableFile.Delete(state.Fallback(node));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SupervisionLog.FallbackNotWritten(log, node, e.Message);
        }
    }

    private string? Current => PointerFile.Read(state.Current(node));

    private FallenBack? Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(state.Fallback(node)), ControlJson.Default.FallenBack);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
