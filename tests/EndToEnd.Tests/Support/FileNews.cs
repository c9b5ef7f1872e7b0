using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.Tests;

internal static partial class FileNews
{
    /// <inheritdoc cref="Until(string, Func{bool}, CancellationToken)"/>
    /// <param name="path">Its directory exists.</param>
    /// <param name="condition">Looks at the file, which may not be there.</param>
    /// <param name="what">For whoever waits in vain.</param>
    public static Task Until(string path, Func<bool> condition, string what) => Deadline.Within(cancellation => Until(path, condition, cancellation), () => what);
}
