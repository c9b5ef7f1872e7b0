using System.Globalization;
using System.Text;
using WatchReload.Bench.Results;
using WatchReload.Bench.Statistics;

namespace WatchReload.Bench.Report;

/// <summary>Makes docs/benchmarks.md and its charts from the results of the latest whole run.</summary>
internal static class ReportWriter
{
    /// <param name="docs">Where benchmarks.md and benchmarks/ go.</param>
    /// <param name="parts">In the order of the report; a case may have several.</param>
    /// <param name="summaries">What each case measures, in one line; also of those without results.</param>
    public static void Write(string docs, IReadOnlyList<CaseResult> parts, IReadOnlyDictionary<string, string> summaries)
    {
        var results = parts.GroupBy(p => p.Case).Select(CaseResult.Together).ToArray();
        var charts = Directory.CreateDirectory(Path.Combine(docs, "benchmarks")).FullName;
        foreach (var old in Directory.GetFiles(charts, "*.svg")) File.Delete(old);
        var sections = new StringBuilder();
        foreach (var result in results)
        {
            var drawn = Charts.Of(result);
            foreach (var (file, svg) in drawn) File.WriteAllText(Path.Combine(charts, file), svg);
            sections.Append(CaseSection.Text(result, summaries.GetValueOrDefault(result.Case, result.Case), [.. drawn.Select(d => d.File)]));
        }

        var missing = summaries.Keys.Where(name => results.All(r => r.Case != name)).ToArray();
        File.WriteAllText(Path.Combine(docs, "benchmarks.md"), Head(parts) + Standing(results) + sections + Unmeasured(results, missing));
    }

    private static string Head(IReadOnlyList<CaseResult> results)
    {
        var text = new StringBuilder("""
            # Benchmarks

            Written by `bench/run`; do not edit. It measures WatchReload and its peers in turn, in one run, on the same work. The ratio to the peer is what counts: machines
            differ, and virtual ones change their speed within minutes. `0.5×` means half of the peer's figure: for times less is better, for rates more.

            Figures are medians; in brackets the quartiles, then the least and the greatest. The raw values are in `bench/results`. Micro-benchmarks of the hot paths, with what they allocate, are in `bench/Micro`.


            """);
        foreach (var group in results.GroupBy(r => r.Machine))
        {
            var m = group.Key;
            text.Append(CultureInfo.InvariantCulture, $"- {string.Join(", ", group.Select(Name))}: {m.Cpu}, {m.Cores} cores, {m.Memory} memory, {m.System}, Linux {m.Kernel}, {m.Runtime}, SDK {m.Sdk}, ");
            text.Append(CultureInfo.InvariantCulture, $"{(m.Otp is null ? "no Erlang" : $"Erlang/OTP {m.Otp}")}; commit {m.Commit}, {group.Min(r => r.Started):yyyy-MM-dd}\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Name(CaseResult part) => part.Part is null ? part.Case : $"{part.Case} ({string.Join(", ", part.Part)})";

    private static string Standing(IReadOnlyList<CaseResult> results)
    {
        var text = new StringBuilder("## Where we stand\n\n| aim | bound | we are at | how far |\n| --- | --- | --- | --- |\n");
        foreach (var aim in Aims.All)
        {
            var row = Find(results, aim);
            var figure = aim.Figure(row);
            var at = figure is not { } value ? "not measured" : aim.Peer is null ? $"{Numbers.Text(value)} {row!.Unit}".TrimEnd() : $"{Numbers.Ratio(value)} ({Absolute(row!)})";
            text.Append(CultureInfo.InvariantCulture, $"| {aim.What} | {aim.BoundText(row)} | {at} | {(figure is { } f ? aim.Distance(f) : "")} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Absolute(Row row) => $"{Numbers.Text(Sample.Of(row.Values[Peers.PeerNames.WatchReload]).Median)} {row.Unit}";

    private static string Unmeasured(IReadOnlyList<CaseResult> results, IReadOnlyList<string> missing)
    {
        var text = new StringBuilder("## What was not measured\n\n");
        foreach (var name in missing) text.Append(CultureInfo.InvariantCulture, $"- the case {name}\n");
        foreach (var aim in Aims.All.Where(a => !missing.Contains(a.Case) && a.Figure(Find(results, a)) is null)) text.Append(CultureInfo.InvariantCulture, $"- {aim.Case}: {aim.What}\n");
        foreach (var result in results.Where(r => r.Missing.Count > 0 || r.GivenUp is not null)) text.Append(CultureInfo.InvariantCulture, $"- parts of {result.Case}: see there\n");
        return text.Append("- anything on another operating system, on more cores, or over a real network\n").ToString();
    }

    private static Row? Find(IReadOnlyList<CaseResult> results, Aim aim) => results.FirstOrDefault(r => r.Case == aim.Case)?.Rows.FirstOrDefault(r => r.Id == aim.Row);
}
