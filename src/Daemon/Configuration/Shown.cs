using System.Globalization;
using System.Text.Encodings.Web;

namespace WatchReload.Daemon.Configuration;

/// <summary>Foreign text as a message shows it: quoted, control characters escaped, not too long.</summary>
internal static class Shown
{
    private const int Longest = 60;

    public static string Text(string text) =>
        Json(text.Length <= Longest ? text : text[..Longest] + "…"); // half a surrogate pair at the cut becomes U+FFFD

    /// <summary>A message with its control characters escaped.</summary>
    public static string Plain(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString())) : text;

    /// <summary>A JSON string, readable.</summary>
    public static string Json(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
