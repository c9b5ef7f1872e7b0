namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>Holds the process that next comes to a phase, by the pause points of the product (docs/operating.md).</summary>
internal sealed class Pause : IDisposable
{
    private readonly string _fifo;
    private readonly Task<FileStream> _opened;
    private bool _ended;

    private Pause(string fifo)
    {
        _fifo = fifo;
        // It opens when the other end does: that is when the phase is reached.
        _opened = Task.Factory.StartNew(() => new FileStream(fifo, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0), TaskCreationOptions.LongRunning);
    }

    /// <summary>Phases that come later than this one in the same process have to be set before it is let go.</summary>
    public static async Task<Pause> At(string directory, string phase)
    {
        var fifo = Path.Combine(directory, phase);
        await Processes.Run("mkfifo", fifo);
        return new Pause(fifo);
    }

    /// <summary>A process is in that phase, and stays there.</summary>
    public Task Reached() => Deadline.Within(_ => _opened, () => $"the phase {Path.GetFileName(_fifo)}");

    /// <summary>It goes on, if it lives, and none is held any more.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        // Both ends, so that it opens at last if nobody came.
        using var both = new FileStream(_fifo, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        File.Delete(_fifo);
        _opened.GetAwaiter().GetResult().Dispose();
    }
}
