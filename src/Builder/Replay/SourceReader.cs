using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace WatchReload.Builder.Replay;

/// <summary>Reads source files as the compiler does.</summary>
internal static class SourceReader
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="DecoderFallbackException">The file is not UTF-8: the compiler would guess.</exception>
    public static SourceText Read(string path, SourceHashAlgorithm checksum)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return SourceText.From(file, Utf8, checksum);
    }

    public static SyntaxTree Parse(string path, CSharpCommandLineArguments arguments, CancellationToken cancellation) =>
        CSharpSyntaxTree.ParseText(Read(path, arguments.ChecksumAlgorithm), arguments.ParseOptions, path, cancellation);
}
