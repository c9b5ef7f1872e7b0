using System.Globalization;
using System.Text.RegularExpressions;

namespace WatchReload.Control;

/// <summary>
/// Ids of releases: <c>r</c> and a number that only grows, at least six digits. An id becomes part of paths: what is not written so is none,
/// and leads nowhere.
/// </summary>
public static partial class ReleaseId
{
    /// <summary>The id of the release with this number.</summary>
    public static string Of(long number) => string.Create(CultureInfo.InvariantCulture, $"r{number:000000}");

    /// <summary>Whether this is an id, as <see cref="Of"/> writes it.</summary>
    public static bool IsOne(string text) => Number(text) is not null;

    /// <summary>The number; null for what is not an id.</summary>
    public static long? Number(string id) =>
        Form().IsMatch(id) && long.TryParse(id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Of(number) == id ? number : null;

    /// <summary>The number that somebody means who may leave out the <c>r</c> and the zeros; null for what is neither an id nor such a number.</summary>
    public static long? Meant(string asked) =>
        Short().Match(asked) is { Success: true } form && long.TryParse(form.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"\Ar[0-9]{6,18}\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"\Ar?([0-9]{1,18})\z")]
    private static partial Regex Short();
}
