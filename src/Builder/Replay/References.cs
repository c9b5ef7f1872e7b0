using Microsoft.CodeAnalysis;
using WatchReload.Builder.Evaluation;

namespace WatchReload.Builder.Replay;

/// <summary>What projects are compiled against, read once and shared by all of them.</summary>
internal sealed class References(InputFilter filter)
{
    private readonly Dictionary<(string Path, MetadataReferenceProperties Properties), PortableExecutableReference> _known = [];

    public PortableExecutableReference File(string path, MetadataReferenceProperties properties)
    {
        if (_known.TryGetValue((path, properties), out var known))
            return known;
        // A file that is written again, here by MSBuild, must not change under a compilation: its bytes are copied.
        var reference = filter.IsImmutable(path)
            ? MetadataReference.CreateFromFile(path, properties)
            : MetadataReference.CreateFromImage(System.IO.File.ReadAllBytes(path), properties, filePath: path);
        return _known[(path, properties)] = reference;
    }
}
