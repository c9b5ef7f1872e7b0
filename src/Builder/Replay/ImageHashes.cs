using System.Security.Cryptography;
using Microsoft.CodeAnalysis.CSharp;

namespace WatchReload.Builder.Replay;

/// <summary>SHA-256 of the images of one compilation, by which they are told from MSBuild's when they are no longer in memory.</summary>
/// <param name="Assembly">Of the assembly.</param>
/// <param name="Symbols">Of the symbols; null when there are none of their own.</param>
/// <param name="Reference">Of the reference assembly; null when it was not made.</param>
/// <param name="Documentation">Of the XML documentation; null when there is none.</param>
internal sealed record ImageHashes(string Assembly, string? Symbols, string? Reference, string? Documentation)
{
    public static ImageHashes Of(Emitted emitted) => new(HashOf(emitted.Assembly), Of(emitted.Symbols), Of(emitted.Reference), Of(emitted.Documentation));

    /// <summary>The reference assembly was not made, though the compiler's call asks for one.</summary>
    public bool LacksReference(CSharpCommandLineArguments arguments) => Reference is null && arguments.OutputRefFilePath is not null;

    /// <summary>Which of the images is another than the file has that MSBuild has made by the call; null when none is.</summary>
    public string? Difference(CSharpCommandLineArguments arguments)
    {
        var name = arguments.OutputFileName!;
        return !IsSame(Assembly, arguments.GetOutputFilePath(name)) ? "assembly"
            : !IsSame(Symbols, arguments.GetPdbFilePath(name)) ? "symbol file"
            : !IsSame(Documentation, arguments.DocumentationPath) ? "documentation file"
            : !IsSame(Reference, arguments.OutputRefFilePath) ? "reference assembly"
            : null;
    }

    private static bool IsSame(string? image, string? path) => image is null || File.Exists(path) && HashOf(File.ReadAllBytes(path)) == image;

    private static string? Of(byte[]? image) => image is null ? null : HashOf(image);

    private static string HashOf(byte[] image) => Convert.ToHexStringLower(SHA256.HashData(image));
}
