using System.Globalization;
using WatchReload.Control;

namespace WatchReload.Daemon.Supervision;

/// <summary>What a node leaves behind that ends in order, for whoever is not its parent: its exit code. A process that vanished without it has died.</summary>
/// <remarks>That its rendezvous is gone says nothing: that goes with whatever way out a process has, a failure policy's and a defect's too, after which it is to be started again.</remarks>
internal static class EndMark
{
    /// <summary>Null: that process left none.</summary>
    public static int? Of(StateDirectory state, string node, int pid)
    {
        try
        {
            return File.ReadAllText(state.Ended(node)).Split(' ') is [var code, var of]
                && int.TryParse(of, CultureInfo.InvariantCulture, out var whose) && whose == pid
                && int.TryParse(code, CultureInfo.InvariantCulture, out var exitCode) ? exitCode : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it left none, or nobody can read it
        }
    }
}
