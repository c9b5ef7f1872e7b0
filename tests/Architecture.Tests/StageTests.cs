using System.Text.RegularExpressions;

namespace WatchReload.Architecture.Tests;

/// <summary>Which folders of one part know which. Read from the sources: inside an assembly there are no references.</summary>
public sealed partial class StageTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("Kernel")]
    [InlineData("Loading")]
    public async Task Kernel_and_loading_know_no_other_folder_of_the_node(string folder)
        => Assert.Empty(await Known("Hosting", folder));

    /// <summary>The folders of the same part that the files of one folder name.</summary>
    private static async Task<IReadOnlyList<string>> Known(string part, string folder)
    {
        var others = Directory.EnumerateDirectories(Path.Combine(Repository.Source, part)).Select(path => Path.GetFileName(path)!)
            .Where(other => other != folder).ToHashSet(StringComparer.Ordinal);
        var known = new List<string>();
        foreach (var file in Repository.Files(part, folder))
        {
            var text = Comment().Replace(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), "");
            known.AddRange(Qualifier().Matches(text).Select(match => match.Groups["name"].Value).Where(others.Contains)
                .Select(other => $"{Path.GetFileName(file)} knows {other}").Distinct());
        }

        return known;
    }

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    /// <summary>The last namespace of a using, or the namespace in front of a name.</summary>
    [GeneratedRegex(@"(using\s+WatchReload\.\w+\.(?<name>\w+))|((?<![\w.])(WatchReload\.\w+\.)?(?<name>[A-Z]\w*)\.[A-Z]\w*)")]
    private static partial Regex Qualifier();
}
