using WatchReload.Builder.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>
/// MSBuild compiles when a source is newer than what was built. After the clock was set back what was built is of the future, newer than every
/// edit to come, and the old code would be taken for the new. Such files are made old, so that they are built anew.
/// </summary>
internal static class OutputTimes
{
    /// <summary>Clocks of file systems differ a little from the system's.</summary>
    private static readonly TimeSpan _tolerance = TimeSpan.FromSeconds(2);

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>What cannot be made old, and why; null when all is.</summary>
    public static BuildDiagnostic? MakePast(string artifacts)
    {
        if (!Directory.Exists(artifacts))
            return null;
        var latest = TimeProvider.System.GetUtcNow().UtcDateTime + _tolerance;
        foreach (var file in new DirectoryInfo(artifacts).EnumerateFiles("*", Everything).Where(f => f.LastWriteTimeUtc > latest).ToList())
        {
            try
            {
                file.LastWriteTimeUtc = DateTime.UnixEpoch.AddDays(1);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Gone meanwhile: it is built anew in any case.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Problems.OfTheFuture(file.FullName, e.Message);
            }
        }
        return null;
    }
}
