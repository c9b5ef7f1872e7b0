using System.Text.Json;

namespace WatchReload.Bench.Results;

/// <summary>Raw results on disk: a file a case, the latest.</summary>
internal static class ResultFiles
{
    public static void Write(string directory, CaseResult result)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, result.Case + ".json"), JsonSerializer.Serialize(result, ResultJson.Default.CaseResult) + "\n");
    }

    /// <summary>Those that are there, in that order of cases.</summary>
    public static IReadOnlyList<CaseResult> Read(string directory, IEnumerable<string> cases) =>
    [
        .. cases.Select(name => Path.Combine(directory, name + ".json"))
            .Where(File.Exists)
            .Select(file => JsonSerializer.Deserialize(File.ReadAllText(file), ResultJson.Default.CaseResult)!),
    ];
}
