using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace WatchReload.Builder.Replay;

/// <summary>An additional file of generators and analyzers. Its content does not change: when it does, MSBuild builds.</summary>
internal sealed class AdditionalFile(string path, SourceHashAlgorithm checksum) : AdditionalText
{
    private readonly Lazy<SourceText> _text = new(() => SourceReader.Read(path, checksum));

    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => _text.Value;
}
