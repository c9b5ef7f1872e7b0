using Microsoft.CodeAnalysis;
using WatchReload.Builder.Evaluation;

namespace WatchReload.Builder.Replay;

/// <summary>What projects are compiled against, read once and shared by all of them.</summary>
/// <param name="filter">Knows which files never change.</param>
/// <param name="before">Of an earlier tree: those that never change are taken from it, with the symbols that the compiler has made of them.</param>
internal sealed class References(InputFilter filter, References? before = null)
{
    private readonly Dictionary<(string Path, MetadataReferenceProperties Properties), PortableExecutableReference> _immutable = before?._immutable ?? [];
    private readonly Dictionary<(string Path, MetadataReferenceProperties Properties), PortableExecutableReference> _mutable = [];

    /// <summary>What projects are compiled with.</summary>
    public ExtensionAssemblies Extensions { get; } = before?.Extensions ?? new ExtensionAssemblies();

    public PortableExecutableReference File(string path, MetadataReferenceProperties properties)
    {
        var key = (path, properties);
        if (_immutable.GetValueOrDefault(key) is { } shared)
            return shared;
        if (filter.IsImmutable(path))
            return _immutable[key] = MetadataReference.CreateFromFile(path, properties);
        // A file that is written again, here by MSBuild, must not change under a compilation: its bytes are copied.
        return _mutable.GetValueOrDefault(key) ?? (_mutable[key] = MetadataReference.CreateFromImage(System.IO.File.ReadAllBytes(path), properties, filePath: path));
    }
}
