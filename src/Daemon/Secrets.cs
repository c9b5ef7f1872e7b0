using System.Text.RegularExpressions;

namespace WatchReload.Daemon;

/// <summary>Which environment variables look like secrets. A guess, by names and forms in use: it catches what was overlooked, and proves nothing.</summary>
internal static partial class Secrets
{
    public static bool LooksLikeOne(string name, string value) => Name().IsMatch(name) || Value().IsMatch(value);

    [GeneratedRegex("(password|passwd|pwd|secret|token|apikey|api_key|privatekey|private_key|accesskey|access_key)$", RegexOptions.IgnoreCase)]
    private static partial Regex Name();

    [GeneratedRegex("(^|;)\\s*(password|pwd)\\s*=|-----BEGIN [A-Z ]*PRIVATE KEY-----|://[^/@\\s]+:[^/@\\s]+@", RegexOptions.IgnoreCase)]
    private static partial Regex Value();
}
