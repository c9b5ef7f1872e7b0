using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Loggers;

namespace WatchReload.Bench.Micro;

/// <summary>What is measured beside the time, and where it goes: one table and one JSON file a group, in bench/results/micro.</summary>
internal static class Results
{
    private static readonly (string Suffix, string Extension)[] s_exports = [("-report-github.md", ".md"), ("-report-brief.json", ".json")];

    private static string Directory => typeof(Results).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Results").Value!;

    public static IConfig Config(string artifacts) => ManualConfig.CreateEmpty()
        .AddLogger(ConsoleLogger.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddExporter(MarkdownExporter.GitHub, JsonExporter.Brief)
        .WithArtifactsPath(artifacts);

    /// <summary>Returns the exit code: 1 when nothing was measured although something was to be.</summary>
    public static int Export(string artifacts)
    {
        var reports = Path.Combine(artifacts, "results");
        if (!System.IO.Directory.Exists(reports)) return 0; // only listed
        System.IO.Directory.CreateDirectory(Directory);
        var exported = 0;
        foreach (var file in System.IO.Directory.EnumerateFiles(reports))
        {
            foreach (var (suffix, extension) in s_exports)
            {
                if (!file.EndsWith(suffix, StringComparison.Ordinal)) continue;
                var type = Path.GetFileName(file)[..^suffix.Length];
                File.Copy(file, Path.Combine(Directory, type[(type.LastIndexOf('.') + 1)..].Replace("Benchmarks", "", StringComparison.Ordinal) + extension), overwrite: true);
                exported++;
            }
        }

        return exported > 0 ? 0 : 1;
    }
}
