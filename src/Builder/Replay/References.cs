using System.Collections.Immutable;
using System.Security.Cryptography;
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
    private readonly Dictionary<string, OwnAssemblies>? _ownBefore = before?._own;
    private readonly Dictionary<string, OwnAssemblies> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ImmutableArray<byte> Image, string Hash)> _images = new(StringComparer.Ordinal);

    /// <summary>What projects are compiled with, of what never changes.</summary>
    public ExtensionAssemblies Extensions { get; } = before?.Extensions ?? new ExtensionAssemblies();

    /// <summary>Of a generator or analyzer.</summary>
    public IAnalyzerAssemblyLoader LoaderOf(string path) => filter.IsImmutable(path) ? Extensions : Own(path);

    /// <summary>Of a generator or analyzer, with all that lies beside it; null for what never changes.</summary>
    public string? HashOfExtension(string path) => filter.IsImmutable(path) ? null : Own(path).Hash;

    public PortableExecutableReference File(string path, MetadataReferenceProperties properties)
    {
        var key = (path, properties);
        if (_immutable.GetValueOrDefault(key) is { } shared)
            return shared;
        if (filter.IsImmutable(path))
            return _immutable[key] = MetadataReference.CreateFromFile(path, properties);
        // A file that is written again, here by MSBuild, must not change under a compilation: its bytes are copied.
        return _mutable.GetValueOrDefault(key) ?? (_mutable[key] = MetadataReference.CreateFromImage(Read(path).Image, properties, filePath: path));
    }

    /// <summary>Of the image that is referenced; null for a file that never changes.</summary>
    public string? HashOf(string path) => filter.IsImmutable(path) ? null : Read(path).Hash;

    public static string Hash(ReadOnlySpan<byte> image) => Convert.ToHexStringLower(SHA256.HashData(image));

    /// <summary>Projects with the same one share it; and with that of the tree before, if it has not changed.</summary>
    private OwnAssemblies Own(string path)
    {
        var directory = Path.GetDirectoryName(path)!;
        if (_own.TryGetValue(directory, out var known))
            return known;
        var now = OwnAssemblies.In(directory);
        return _own[directory] = _ownBefore?.GetValueOrDefault(directory) is { } still && still.Hash == now.Hash ? still : now;
    }

    private (ImmutableArray<byte> Image, string Hash) Read(string path)
    {
        if (_images.TryGetValue(path, out var read))
            return read;
        var image = System.IO.File.ReadAllBytes(path).ToImmutableArray();
        return _images[path] = (image, Hash(image.AsSpan()));
    }
}
