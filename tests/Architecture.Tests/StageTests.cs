using System.Text.RegularExpressions;

namespace WatchReload.Architecture.Tests;

/// <summary>Which folders of one part know which. Read from the sources: inside an assembly there are no references.</summary>
public sealed partial class StageTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("Kernel")]
    [InlineData("Loading")]
    [InlineData("Tcp", "Kernel")]
    [InlineData("Endpoint")]
    [InlineData("Upgrading", "Kernel", "Loading", "Tcp")]
    public async Task Folder_of_the_node_knows_only_those_below_it(string folder, params string[] below)
        => Assert.Empty(await Known("Hosting", folder, below));

    [Theory(Timeout = 60_000)]
    [InlineData("Watching")]
    [InlineData("Git")]
    [InlineData("Building")]
    [InlineData("Releases")]
    [InlineData("Configuration")]
    [InlineData("Events")]
    [InlineData("Delivery", "Releases", "Events")]
    public async Task Stage_of_the_daemon_knows_only_the_record_it_is_handed(string stage, params string[] handed)
        => Assert.Empty(await Known("Daemon", stage, handed));

    [Fact(Timeout = 60_000)]
    public async Task Flow_of_the_daemon_knows_neither_verbs_nor_the_resident_pipe()
        => Assert.Empty(await Known("Daemon", "Flow", "Watching", "Git", "Building", "Releases", "Delivery", "Supervision", "Events"));

    /// <summary>The folders of the same part that the files of one folder name, without those that it may.</summary>
    private static async Task<IReadOnlyList<string>> Known(string part, string folder, params string[] allowed)
    {
        var others = Directory.EnumerateDirectories(Path.Combine(Repository.Source, part)).Select(path => Path.GetFileName(path)!)
            .Where(other => other != folder).Except(allowed)
            .ToDictionary(other => other, other => Repository.Files(part, other).Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet());
        var known = new List<string>();
        foreach (var file in Repository.Files(part, folder))
        {
            var text = Comment().Replace(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), "");
            var names = Using().Matches(text).Select(match => match.Groups["folder"].Value).Where(others.ContainsKey)
                .Concat(Qualified().Matches(text)
                    .Where(match => others.TryGetValue(match.Groups["folder"].Value, out var types) && types.Contains(match.Groups["type"].Value))
                    .Select(match => match.Groups["folder"].Value));
            known.AddRange(names.Distinct().Select(other => $"{Path.GetFileName(file)} knows {other}"));
        }

        return known;
    }

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"using\s+(static\s+)?WatchReload\.\w+\.(?<folder>\w+)")]
    private static partial Regex Using();

    /// <summary>A type with the last part of its namespace in front; a property may have a folder's name, so the type counts too.</summary>
    [GeneratedRegex(@"(?<folder>[A-Z]\w*)\.(?<type>[A-Z]\w*)")]
    private static partial Regex Qualified();
}
