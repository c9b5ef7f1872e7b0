using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace WatchReload.Builder.Replay;

/// <summary>Writes a compilation as the compiler's command line would have it.</summary>
internal static class Emission
{
    /// <summary>Null when it does not compile: the diagnostics tell why.</summary>
    /// <param name="compilation">What is written.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="withReference">The reference assembly too, if the command line asks for it.</param>
    /// <param name="generated">Of the trees, those that generators made.</param>
    /// <param name="diagnostics">What was found.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static Emitted? Emit(CSharpCompilation compilation, CSharpCommandLineArguments arguments, bool withReference, IReadOnlyList<SyntaxTree> generated, List<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        var name = arguments.OutputFileName!;
        var separateSymbols = arguments.EmitPdb && arguments.EmitOptions.DebugInformationFormat != DebugInformationFormat.Embedded;
        using var assembly = new MemoryStream();
        using var symbols = separateSymbols ? new MemoryStream() : null;
        using var reference = arguments.OutputRefFilePath is null || !withReference ? null : new MemoryStream();
        using var documentation = arguments.DocumentationPath is null ? null : new MemoryStream();
        using var resources = Win32Resources(compilation, arguments);
        using var sourceLink = arguments.SourceLink is null ? null : File.OpenRead(arguments.Absolute(arguments.SourceLink));
        var result = compilation.Emit(
            assembly,
            symbols,
            documentation,
            resources,
            arguments.ManifestResources,
            reference is null && !arguments.EmitOptions.EmitMetadataOnly ? Options(arguments, name).WithIncludePrivateMembers(true) : Options(arguments, name), // they are left out of reference assemblies alone
            debugEntryPoint: null,
            sourceLink,
            arguments.EmitPdb ? generated.Select(tree => EmbeddedText.FromSource(tree.FilePath, tree.GetText(cancellation))) : null,
            reference,
            cancellation);
        diagnostics.AddRange(result.Diagnostics);
        return result.Success ? new Emitted(assembly.ToArray(), symbols?.ToArray(), reference?.ToArray(), documentation?.ToArray()) : null;
    }

    private static EmitOptions Options(CSharpCommandLineArguments arguments, string name)
    {
        var symbols = arguments.EmitPdb ? Mapped(arguments.GetPdbFilePath(name), arguments) : null;
        if (symbols is not null && arguments.ParseOptions.Features.ContainsKey("pdb-path-determinism"))
            symbols = Path.GetFileName(symbols);
        return symbols is null ? arguments.EmitOptions.WithOutputNameOverride(name) : arguments.EmitOptions.WithOutputNameOverride(name).WithPdbFilePath(symbols);
    }

    /// <summary>As PathMap has it: the first prefix that fits.</summary>
    private static string Mapped(string path, CSharpCommandLineArguments arguments)
    {
        foreach (var (from, to) in arguments.PathMap)
        {
            if (from.Length > 0 && path.StartsWith(from, StringComparison.Ordinal) && (from.EndsWith(Path.DirectorySeparatorChar) || path.Length > from.Length && path[from.Length] == Path.DirectorySeparatorChar))
                return to + path[from.Length..];
        }
        return path;
    }

    private static Stream? Win32Resources(CSharpCompilation compilation, CSharpCommandLineArguments arguments)
    {
        if (arguments.Win32ResourceFile is not null)
            return File.OpenRead(arguments.Absolute(arguments.Win32ResourceFile));
        using var manifest = arguments.NoWin32Manifest || arguments.Win32Manifest is null ? null : File.OpenRead(arguments.Absolute(arguments.Win32Manifest));
        using var icon = arguments.Win32Icon is null ? null : File.OpenRead(arguments.Absolute(arguments.Win32Icon));
        return compilation.CreateDefaultWin32Resources(versionResource: true, arguments.NoWin32Manifest, manifest, icon);
    }
}
