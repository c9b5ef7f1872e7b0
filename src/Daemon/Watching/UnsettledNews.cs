using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Watching;

/// <summary>What is told while a tree has not come to rest: that a save begins, and that git holds changes up.</summary>
internal sealed class UnsettledNews(Settle settle, Func<string?> busyWith, ILogger log)
{
    private static readonly TimeSpan LongHold = TimeSpan.FromSeconds(10);
    private bool _toldOfSave;
    private bool _toldOfHold;

    /// <summary>See <see cref="Watcher.SaveBegins"/>.</summary>
    public Action SaveBegins { get; set; } = static () => { };

    /// <summary>Something was touched.</summary>
    /// <param name="isOpen">It is being written: when that is done it is another save.</param>
    public void Hint(bool isOpen) => _toldOfSave &= !isOpen;

    /// <summary>The change set is handed on.</summary>
    public void Clear() => _toldOfSave = false;

    public void TellOfSave()
    {
        if (_toldOfSave || !settle.IsSave || busyWith() is not null)
            return;
        _toldOfSave = true;
        SaveBegins();
    }

    public void TellOfHold()
    {
        if (settle.Held is not { } hold)
            _toldOfHold = false;
        else if (hold.Since >= LongHold && !_toldOfHold)
        {
            _toldOfHold = true;
            log.HeldByGit(hold.By, hold.Since.TotalSeconds);
        }
    }
}
