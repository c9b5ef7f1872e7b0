namespace WatchReload.Daemon.Configuration;

/// <summary>What <c>init</c> did.</summary>
/// <param name="Written">Path of the new watch.json; null when none was written.</param>
/// <param name="Candidates">The service projects that were found, relative to the directory.</param>
/// <param name="Problem">Why none was written, and what to do; null when one was.</param>
internal sealed record InitOutcome(string? Written, IReadOnlyList<string> Candidates, string? Problem);

internal static class Initializer
{
    /// <param name="directory">Where watch.json goes.</param>
    /// <param name="project">The project to name, when there are several; relative to the directory.</param>
    public static InitOutcome Run(string directory, string? project = null) => throw new NotSupportedException(directory + project);
}
