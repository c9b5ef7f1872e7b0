using System.Diagnostics;

namespace WatchReload.Builder;

/// <summary>The process that started this one, seen through standard input: it holds the other end open for as long as it lives.</summary>
internal static class Parent
{
    /// <summary>Ends when standard input does. What is written there is ignored.</summary>
    public static async Task Gone()
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        // A thread of its own: a read of standard input blocks on some systems, whatever it is called.
        await Task.Factory.StartNew(
            () =>
            {
                while (input.Read(buffer) > 0)
                {
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    /// <summary>From now on the process ends in time, though a hung task or generator should hold a thread.</summary>
    public static void EndIn(TimeSpan grace)
    {
        var end = new Thread(() =>
        {
            using var never = new ManualResetEventSlim();
            never.Wait(grace);
            Process.GetCurrentProcess().Kill();
        })
        {
            IsBackground = true,
            Name = "end in time",
        };
        end.Start();
    }
}
