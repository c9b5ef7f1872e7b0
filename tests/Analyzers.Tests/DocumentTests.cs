using System.Text.RegularExpressions;

namespace WatchReload.Analyzers.Tests;

/// <summary>docs/analyzers.md: of each rule a bad example, which it marks, and a good one.</summary>
public sealed partial class DocumentTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Examples = Sections(Repository.Read("docs/analyzers.md"));

    public static TheoryData<string> Ids => [.. Analyzed.Rules.Select(rule => rule.Id).Distinct()];

    [Fact(Timeout = 60_000)]
    public Task Every_rule_is_documented_and_nothing_else()
    {
        Assert.Equal(Ids.Select(row => row.Data).Order(StringComparer.Ordinal), Examples.Keys.Order(StringComparer.Ordinal));
        Assert.All(Analyzed.Rules, rule => Assert.Equal($"docs/analyzers.md#{rule.Id.ToLowerInvariant()}", rule.HelpLinkUri));
        return Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Ids))]
    public async Task Rule_marks_its_bad_example_and_not_its_good_one(string id)
    {
        var (bad, good) = (Examples[id][0], Examples[id][1]);
        Assert.Equal([id], (await Analyzed.Marks(Whole(bad))).Select(mark => mark.Split(' ')[0]).Distinct());
        Assert.Empty(await Analyzed.Marks(Whole(good)));
    }

    private static string Whole(string example) => "using Microsoft.Extensions.Logging; " + example + (example.Contains(" State(", StringComparison.Ordinal) ? Analyzed.Around : "");

    private static Dictionary<string, IReadOnlyList<string>> Sections(string document) => document.Split("\n## ").Skip(1).ToDictionary(
        section => section[..section.IndexOf('\n', StringComparison.Ordinal)],
        section => (IReadOnlyList<string>)[.. Code().Matches(section).Select(match => match.Groups[1].Value)]);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();
}
