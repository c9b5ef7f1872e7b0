using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace WatchReload.Builder.Replay;

/// <summary>An additional file of generators and analyzers. Its content does not change: when it does, MSBuild builds.</summary>
/// <param name="path">As the compiler's call has it.</param>
/// <param name="file">What is in it.</param>
/// <param name="checksum">Of the text.</param>
internal sealed class AdditionalFile(string path, HeldFile file, SourceHashAlgorithm checksum) : AdditionalText
{
    private readonly Lazy<SourceText> _text = new(() => SourceReader.Text(file.Content, checksum));

    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => _text.Value;
}
