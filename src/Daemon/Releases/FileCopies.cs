using System.Runtime.ExceptionServices;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>Copies many outputs at a time: most of the time goes by waiting for the disk to have synced.</summary>
internal static class FileCopies
{
    private const int AtATime = 8;

    public static FileCopy[] Make(IReadOnlyList<BuildOutput> outputs, string directory, OpenOutput open, CancellationToken cancellation)
    {
        foreach (var parent in outputs.SelectMany(output => Parents(output.Path)).Distinct().Order(StringComparer.Ordinal))
            SealedDirectory.Create(Path.Combine(directory, parent));
        return Each(outputs, output => FileCopy.Make(output, directory, open, cancellation), cancellation);
    }

    /// <summary>The first source that is no longer as it was copied.</summary>
    public static string? FindChanged(IReadOnlyList<FileCopy> copies, TimeProvider time, OpenOutput open, CancellationToken cancellation)
    {
        var changed = Each(copies, copy => copy.SourceChanged(time, open, cancellation), cancellation);
        return Array.IndexOf(changed, true) is var at && at >= 0 ? copies[at].Output.Source : null;
    }

    public static TResult[] Each<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> work, CancellationToken cancellation)
    {
        var results = new TResult[items.Count];
        try
        {
            Parallel.For(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation }, i => results[i] = work(items[i]));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]); // one cause is enough: all of them come from one disk
        }

        return results;
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var at = path.IndexOf('/', StringComparison.Ordinal); at >= 0; at = path.IndexOf('/', at + 1))
            yield return path[..at];
    }
}
