using System.Reflection;
using System.Text.RegularExpressions;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

/// <summary>docs/upgrading.md: every example of a mapping is compiled and mapped, and does what the document says.</summary>
public sealed partial class DocumentTests
{
    private static readonly IReadOnlyList<(string Title, string Block)> Examples = [.. Read()];

    public static TheoryData<string> Titles => [.. Examples.Select(example => example.Title)];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Titles))]
    public async Task Example_does_what_the_document_says(string title)
    {
        await Task.Yield();
        new DocumentedExample(Examples.Single(example => example.Title == title).Block).Check();
    }

    private static IEnumerable<(string, string)> Read()
    {
        var path = typeof(DocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "UpgradingDocument").Value!;
        var (section, count) = ("", 0);
        foreach (Match match in SectionOrCode().Matches(File.ReadAllText(path)))
        {
            if (match.Groups["title"].Success) (section, count) = (match.Groups["title"].Value, 0);
            else if (DocumentedExample.Is(match.Groups["code"].Value)) yield return ($"{section} {++count}", match.Groups["code"].Value);
        }
    }

    [GeneratedRegex("^##+ (?<title>[^\n]*)$|```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex SectionOrCode();
}
