using System.Globalization;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Hosting;

/// <summary>
/// What the node leaves behind when it ends in order: a supervisor that is not the parent of its process does not learn the exit code. Without a mark that one takes it for dead,
/// and starts it again. So the mark of a node that is no longer wanted is made at its start, and has but to be given its name: there is room for that on a full disk too.
/// </summary>
internal sealed class EndMark(StateDirectory state, string node, ILogger logger)
{
    private const int Wanted = 1;
    private bool _isPrepared;

    private string Prepared => state.Ended(node) + ".prepared";

    /// <summary>At the start, by who holds the node's lock.</summary>
    public void Prepare()
    {
        DurableFile.Delete(state.Ended(node));
        DurableFile.Delete(Prepared); // of a node that was killed
        _isPrepared = true;
        Try(() => DurableFile.Write(Prepared, Text(exitCode: 0))); // a node starts on a full disk too
    }

    /// <summary>Once; not by a node that has not come to its start, as another has its name.</summary>
    /// <param name="isWanted">A failure policy has ended it: it is to be started again.</param>
    public void Leave(bool isWanted)
    {
        if (!_isPrepared) return;
        _isPrepared = false;
        Try(() =>
        {
            if (isWanted) DurableFile.Write(state.Ended(node), Text(Wanted));
            else if (File.Exists(Prepared)) File.Move(Prepared, state.Ended(node), overwrite: true);
            else DurableFile.Write(state.Ended(node), Text(exitCode: 0));
        });
    }

    private static string Text(int exitCode) => string.Create(CultureInfo.InvariantCulture, $"{exitCode} {Environment.ProcessId}\n");

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            NodeLog.EndNotWritten(logger, node, cause.Message);
        }
    }
}
