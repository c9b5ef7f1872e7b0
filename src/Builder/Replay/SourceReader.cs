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

    /// <exception cref="DecoderFallbackException">It is not UTF-8: the compiler would guess.</exception>
    public static SourceText Text(byte[] content, SourceHashAlgorithm checksum)
    {
        using var stream = new MemoryStream(content, 0, content.Length, writable: false, publiclyVisible: true);
        return SourceText.From(stream, Utf8, checksum);
    }

    public static SyntaxTree Parse(string path, CSharpCommandLineArguments arguments, CancellationToken cancellation) =>
        CSharpSyntaxTree.ParseText(Read(path, arguments.ChecksumAlgorithm), arguments.ParseOptions, path, cancellation);

    /// <summary>The same of a file that has been read.</summary>
    public static SyntaxTree Parse(string path, byte[] content, CSharpCommandLineArguments arguments, CancellationToken cancellation) =>
        CSharpSyntaxTree.ParseText(Text(content, arguments.ChecksumAlgorithm), arguments.ParseOptions, path, cancellation);
}
