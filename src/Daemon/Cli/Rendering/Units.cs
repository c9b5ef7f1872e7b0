using System.Globalization;

namespace WatchReload.Daemon.Cli.Rendering;

/// <summary>Numbers as people read them.</summary>
internal static class Units
{
    public static string Time(double milliseconds) => milliseconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms"),
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms"),
        < 60_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.00} s"),
        _ => Span(TimeSpan.FromMilliseconds(milliseconds)),
    };

    public static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Seconds} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds} s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Hours} h {span.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} d {span.Hours} h"),
    };

    public static string Count(int n, string one) => n == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{n} {one}s");

    /// <summary>The first of many, and how many there are beside them: a person reads no thousand lines.</summary>
    /// <param name="named">Those that may be told.</param>
    /// <param name="count">Of all, also those that are not named.</param>
    /// <param name="tell">One of them.</param>
    /// <param name="kind">What they are.</param>
    public static IEnumerable<string> Some<T>(IReadOnlyList<T> named, int count, Func<T, string> tell, string kind)
    {
        const int most = 20;
        foreach (var one in named.Take(most))
            yield return tell(one);
        if (count > Math.Min(named.Count, most))
            yield return string.Create(CultureInfo.InvariantCulture, $"and {count - Math.Min(named.Count, most)} more, {count} {kind} in all");
    }

    public static string Commit(string? commit) => commit is null ? "" : commit[..Math.Min(10, commit.Length)];

    public static string Local(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
