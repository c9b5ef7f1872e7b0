using System.Diagnostics;
using System.Globalization;

namespace WatchReload.Builder;

/// <summary>The process that started this one, seen through standard input: it holds the other end open for as long as it lives.</summary>
internal static class Parent
{
    private const string Cancel = "cancel ";

    /// <summary>Ends when standard input does. On the way there <c>cancel N</c> breaks off a request; nothing else is said.</summary>
    /// <param name="cancel">Has the request's number. It must not wait for anything.</param>
    public static async Task Gone(Action<int> cancel)
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        // A thread of its own: a read of standard input blocks on some systems, whatever it is called. And a build may have all threads of the pool, so that what comes over the pipe waits.
        await Task.Factory.StartNew(
            () =>
            {
                while (input.ReadLine() is { } line)
                {
                    if (line.StartsWith(Cancel, StringComparison.Ordinal) && int.TryParse(line.AsSpan(Cancel.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                        cancel(number);
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
