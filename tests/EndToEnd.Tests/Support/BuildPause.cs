namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>Builds of the checkout stop before they compile, and stay there. Two FIFOs: in one the build says that it is there, from the other it reads.</summary>
internal sealed class BuildPause : IDisposable
{
    private const string Targets = "Directory.Build.targets";
    private readonly Checkout _checkout;
    private readonly FileStream _reached;
    private readonly FileStream _hold;

    private BuildPause(Checkout checkout)
    {
        _checkout = checkout;
        // Open for both, so that opening waits for nobody, and the build's read ends when this one closes.
        _reached = Open(Reaching(checkout));
        _hold = Open(Holding(checkout));
    }

    public static async Task<BuildPause> Begin(Checkout checkout)
    {
        await Processes.Run("mkfifo", Reaching(checkout), Holding(checkout));
        var pause = new BuildPause(checkout);
        checkout.Save(Targets, $"""
            <Project>
              <Target Name="Pause" BeforeTargets="CoreCompile">
                <Exec Command="echo here &gt; '{Reaching(checkout)}'; cat '{Holding(checkout)}'" />
              </Target>
            </Project>
            """);
        return pause;
    }

    /// <summary>A build is in the middle.</summary>
    public Task Reached() => Deadline.Within(cancellation => Task.Run(() => _reached.ReadByte(), cancellation), () => "a build in the middle");

    /// <summary>Builds run through again.</summary>
    public void End()
    {
        _hold.Dispose();
        _reached.Dispose();
        File.Delete(_checkout[Targets]);
        // The checkout is shared: the next pause makes its own.
        File.Delete(Reaching(_checkout));
        File.Delete(Holding(_checkout));
    }

    public void Dispose() => End();

    private static string Reaching(Checkout checkout) => checkout.Beside("reached");

    private static string Holding(Checkout checkout) => checkout.Beside("hold");

    private static FileStream Open(string fifo) => new(fifo, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
}
