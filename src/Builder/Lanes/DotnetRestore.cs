using System.Diagnostics;
using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Sdk;

namespace WatchReload.Builder.Lanes;

/// <summary>One run of <c>dotnet restore</c>.</summary>
/// <param name="Output">Its last lines.</param>
internal sealed record DotnetRestore(int ExitCode, string Output)
{
    private const int KeptLines = 20;

    public static DotnetRestore Run(DotnetSdk sdk, string project, IReadOnlyDictionary<string, string> properties, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        var output = new Queue<string>();
        using var process = new Process { StartInfo = Describe(sdk, project, properties) };
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Start();
        using var stop = cancellation.Register(() => process.Kill(entireProcessTree: true));
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return new DotnetRestore(process.ExitCode, string.Join('\n', output));

        void Take(string? line)
        {
            if (line is null)
                return;
            lock (output)
            {
                diagnostics.Log(line);
                diagnostics.Alive();
                if (CanonicalLine.Parse(line) is { } diagnostic)
                    diagnostics.Add(diagnostic);
                output.Enqueue(line);
                if (output.Count > KeptLines)
                    output.Dequeue();
            }
        }
    }

    private static ProcessStartInfo Describe(DotnetSdk sdk, string project, IReadOnlyDictionary<string, string> properties)
    {
        // From the project's folder, so that the host goes by the same global.json.
        var start = new ProcessStartInfo(sdk.Host)
        {
            WorkingDirectory = Path.GetDirectoryName(project),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["restore", project, "-nologo", "-tl:off", "-v:minimal", "-nodeReuse:false"])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in properties)
            start.ArgumentList.Add($"-p:{name}={Escape(value)}");

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en"; // the lines are parsed
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var ours in (string[])["MSBUILD_EXE_PATH", "MSBuildSDKsPath", "MSBuildExtensionsPath"])
            start.Environment.Remove(ours); // set by the locator, for this process
        return start;
    }

    /// <summary>Semicolon and comma would start another property.</summary>
    internal static string Escape(string value) => value
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace(";", "%3B", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal)
        .Replace("\"", "%22", StringComparison.Ordinal);
}
