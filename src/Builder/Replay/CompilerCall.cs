using Microsoft.Build.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using WatchReload.Builder.Evaluation;

namespace WatchReload.Builder.Replay;

/// <summary>The call of the C# compiler that MSBuild made for a project, as its targets wrote it down.</summary>
/// <param name="Project">Absolute path of the project.</param>
/// <param name="Arguments">As the compiler understands them; relative paths are relative to the project's directory.</param>
/// <param name="Lines">As they were written.</param>
/// <param name="Resources">Files that are embedded or linked as resources, which the arguments do not tell.</param>
internal sealed record CompilerCall(string Project, CSharpCommandLineArguments Arguments, IReadOnlyList<string> Lines, IReadOnlyList<string> Resources)
{
    private const string FileName = "watchreload.csc.rsp";
    private static readonly string[] ResourceOptions = ["/resource:", "/res:", "/linkresource:", "/linkres:"];

    /// <summary>Null when the project is not C#, or was compiled before calls were written down.</summary>
    public static CompilerCall? Read(ProjectInstance project)
    {
        var path = IntermediateFile.PathOf(project, FileName);
        if (!File.Exists(path))
            return null;
        var lines = File.ReadAllLines(path);
        var arguments = CSharpCommandLineParser.Default.Parse(lines, project.Directory, sdkDirectory: null);
        return new CompilerCall(project.FullPath, arguments, lines, [.. lines.Select(ResourceOf).OfType<string>()]);
    }

    /// <summary>Whether it is the same call.</summary>
    public bool IsSame(CompilerCall other) => Project == other.Project && Lines.SequenceEqual(other.Lines, StringComparer.Ordinal);

    /// <summary>Absolute paths of the generators and analyzers, each once.</summary>
    public IEnumerable<string> Extensions => Arguments.AnalyzerReferences.Select(reference => Path.GetFullPath(reference.FilePath, Arguments.BaseDirectory!)).Distinct(StringComparer.Ordinal);

    /// <summary>Of these, those that did not come with the SDK.</summary>
    public IReadOnlyList<string> ForeignExtensions(Func<string, bool> isOfSdk) => [.. Extensions.Where(path => !isOfSdk(path))];

    /// <summary>Absolute paths of all files that the compiler reads, as far as the call names them, or what it names does.</summary>
    public IEnumerable<string> Files => new IEnumerable<string?>[]
    {
        Arguments.SourceFiles.Select(file => file.Path),
        Arguments.AdditionalFiles.Select(file => file.Path),
        Arguments.EmbeddedFiles.Select(file => file.Path),
        Arguments.AnalyzerReferences.Select(reference => reference.FilePath),
        Arguments.MetadataReferences.Select(reference => reference.Reference),
        Arguments.AnalyzerConfigPaths,
        Resources,
        [Arguments.CompilationOptions.CryptoKeyFile, Arguments.Win32Icon, Arguments.Win32Manifest, Arguments.Win32ResourceFile, Arguments.SourceLink, Arguments.RuleSetPath, Arguments.AppConfigPath],
    }.SelectMany(paths => paths).OfType<string>().Select(Arguments.Absolute).Concat(IndirectFiles.Of(Arguments));

    /// <summary>Why the call cannot be made again here with the same result; null when it can.</summary>
    public string? Doubt() => Arguments switch
    {
        { Errors: [var error, ..] } => $"the compiler call is not understood: {error.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}",
        { GeneratedFilesOutputDirectory: not null } => "generated files are written out (EmitCompilerGeneratedFiles)",
        { ErrorLogPath: not null } => "the compiler writes an error log",
        { AppConfigPath: not null } => "the compiler reads an app.config",
        { TouchedFilesPath: not null } => "the compiler writes which files it touched",
        { ReportAnalyzer: true } => "times of analyzers are reported",
        { RuleSetPath: not null } => "the compiler reads a rule set (CodeAnalysisRuleSet)",
        { Encoding: not null } => "the source files have a code page (CodePage)",
        { CompilationOptions.CryptoKeyContainer: not null } => "the key lies in a container (KeyContainerName)",
        { EmbeddedFiles.Length: > 0 } => "source files are embedded into the symbols",
        { CompilationOptions.OutputKind: OutputKind.NetModule or OutputKind.WindowsRuntimeMetadata } => "the output is no assembly",
        _ => null,
    };

    /// <summary>Of <c>/resource:file,name,access</c>, where a path with blanks or commas is quoted.</summary>
    private static string? ResourceOf(string line)
    {
        if (ResourceOptions.FirstOrDefault(option => line.StartsWith(option, StringComparison.OrdinalIgnoreCase)) is not { } option)
            return null;
        var value = line[option.Length..];
        return value.StartsWith('"') && value.IndexOf('"', 1) is > 0 and var end ? value[1..end] : value.Split(',')[0];
    }
}
