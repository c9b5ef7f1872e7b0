using System.Globalization;
using System.Text.RegularExpressions;

namespace WatchReload.Daemon.Releases;

/// <summary>Ids of releases: <c>r</c> and a number that only grows, at least six digits.</summary>
internal static partial class ReleaseId
{
    public static string Of(long number) => string.Create(CultureInfo.InvariantCulture, $"r{number:000000}");

    /// <summary>The number; null for what is not an id as <see cref="Of"/> writes it.</summary>
    public static long? Number(string id) =>
        Form().IsMatch(id) && long.TryParse(id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Of(number) == id ? number : null;

    [GeneratedRegex(@"\Ar[0-9]{6,18}\z")]
    private static partial Regex Form();
}
