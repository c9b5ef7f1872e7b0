using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace WatchReload.Hosting.Endpoint;

/// <summary>How a reload is to go: <c>?rehearse=true</c> or <c>?hold=SECONDS</c>. A key that is not known is a problem: a misspelt rehearsal must not become a reload.</summary>
internal sealed record ReloadQuery(bool Rehearse, TimeSpan? Hold, IReadOnlyList<string> Problems)
{
    private const double LongestHoldSeconds = 300;

    public static ReloadQuery Parse(IQueryCollection query)
    {
        var problems = new List<string>();
        var rehearse = false;
        TimeSpan? hold = null;
        foreach (var (key, values) in query)
        {
            var value = values.Count == 1 ? values[0] : null;
            if (key == "rehearse" && value is "true" or "false")
                rehearse = value == "true";
            else if (key == "hold" && double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= LongestHoldSeconds)
                hold = TimeSpan.FromSeconds(seconds);
            else
                problems.Add($"?{key}={values} is not understood: known are rehearse=true, rehearse=false and hold=SECONDS (at most {LongestHoldSeconds}), each once.");
        }

        if (rehearse && hold is not null)
            problems.Add("A rehearsal is let go of at its end; it cannot be held.");
        return new ReloadQuery(rehearse, hold, problems);
    }
}
