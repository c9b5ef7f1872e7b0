using System.Text.Json;

namespace WatchReload.Bench.Results;

/// <summary>Raw results on disk: a file a case, the latest; and one for each part that was measured by itself.</summary>
internal static class ResultFiles
{
    public static void Write(string directory, CaseResult result)
    {
        Directory.CreateDirectory(directory);
        if (result.Part is null)
        {
            foreach (var older in Directory.GetFiles(directory, result.Case + ".*.json")) File.Delete(older); // older than the whole
        }

        var name = result.Part is null ? result.Case : $"{result.Case}.{string.Join('-', result.Part)}";
        File.WriteAllText(Path.Combine(directory, name + ".json"), JsonSerializer.Serialize(result, ResultJson.Default.CaseResult) + "\n");
    }

    /// <summary>Those that are there, in that order of cases; the parts of one in the order in which they were measured.</summary>
    public static IReadOnlyList<CaseResult> Read(string directory, IEnumerable<string> cases) =>
    [
        .. cases.SelectMany(name => Directory.GetFiles(directory, name + ".*json").Select(Read).OrderBy(part => part.Started)),
    ];

    private static CaseResult Read(string file) => JsonSerializer.Deserialize(File.ReadAllText(file), ResultJson.Default.CaseResult)!;
}
