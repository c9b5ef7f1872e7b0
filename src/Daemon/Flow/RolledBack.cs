using WatchReload.Control;

namespace WatchReload.Daemon.Flow;

/// <summary>
/// Remembers the tree that was rolled back from, by content: <c>watch</c> does not bring it back by itself. Any other tree, or an
/// explicit reload, ends it.
/// </summary>
internal sealed class RolledBack(StateDirectory state)
{
    private string File => Path.Combine(state.Root, "rolled-back");

    public void Remember(string sourceHash) => DurableFile.Write(File, sourceHash + "\n");

    public bool IsFrom(string? sourceHash) =>
        sourceHash is not null && System.IO.File.Exists(File) && System.IO.File.ReadAllText(File).Trim() == sourceHash;

    public void Forget() => DurableFile.Delete(File);
}
