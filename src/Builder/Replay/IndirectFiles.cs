using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WatchReload.Builder.Replay;

/// <summary>Files that the compiler comes upon in those that it is given: the key that an attribute names, what comments of documentation include, rule sets that a rule set includes.</summary>
internal static partial class IndirectFiles
{
    /// <summary>Absolute paths, whether or not they exist.</summary>
    public static IEnumerable<string> Of(CSharpCommandLineArguments arguments) =>
        arguments.SourceFiles.SelectMany(file => In(file.Path, Read(file.Path), arguments)).Concat(RuleSets(arguments.RuleSetPath)).Distinct(StringComparer.Ordinal);

    /// <summary>Those of one source. Of an include that may be at either of two places both.</summary>
    /// <param name="source">Absolute path.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="arguments">Of the compiler's call.</param>
    public static IEnumerable<string> In(string source, byte[] content, CSharpCommandLineArguments arguments)
    {
        var hasKey = arguments.CompilationOptions.CryptoKeyFile is null && content.AsSpan().IndexOf("AssemblyKeyFile"u8) >= 0;
        var hasInclude = arguments.DocumentationPath is not null && content.AsSpan().IndexOf("<include"u8) >= 0;
        if (!hasKey && !hasInclude)
            return [];
        var text = Encoding.UTF8.GetString(content);
        var keys = hasKey ? KeyFile().Matches(text).SelectMany(found => At(found, [.. arguments.KeyFileSearchPaths])) : [];
        var includes = hasInclude ? Include().Matches(text).SelectMany(found => At(found, [Path.GetDirectoryName(source)!, arguments.BaseDirectory!])) : [];
        return [.. keys.Concat(includes).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> At(Match found, IEnumerable<string> directories)
    {
        var path = found.Groups["path"].Value.Replace(@"\\", @"\", StringComparison.Ordinal).Replace('\\', Path.DirectorySeparatorChar);
        return directories.Select(directory => Path.GetFullPath(path, directory));
    }

    private static byte[] Read(string source)
    {
        try
        {
            return new FileInfo(source).Length == 0 ? [] : File.ReadAllBytes(source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // the build says it
        }
    }

    private static IEnumerable<string> RuleSets(string? path)
    {
        try
        {
            return path is null || !File.Exists(path) ? [] : RuleSet.GetEffectiveIncludesFromFile(path);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return []; // of what is no rule set the exception's type is the compiler's own, and the build says it
        }
    }

    [GeneratedRegex(@"\bAssemblyKeyFile(Attribute)?\s*\(\s*@?""(?<path>[^""\r\n\0]+)""")]
    private static partial Regex KeyFile();

    [GeneratedRegex(@"<include\b[^>]*?\bfile\s*=\s*(""(?<path>[^""\r\n\0]+)""|'(?<path>[^'\r\n\0]+)')")]
    private static partial Regex Include();
}
