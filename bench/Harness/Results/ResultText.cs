using System.Text.RegularExpressions;

namespace WatchReload.Bench.Results;

/// <summary>Text that is kept with results, and read by people elsewhere.</summary>
internal static partial class ResultText
{
    /// <summary>The first line of a message, with files by their names alone: where they lay on this machine says nothing to a reader. The log has all of it.</summary>
    public static string Of(string message) => Directories().Replace(message.Split('\n')[0], "");

    [GeneratedRegex(@"(?<![^\s""'(])/(?:[^/\s]+/)*(?=[^/\s])")]
    private static partial Regex Directories();
}
