using System.Security.Cryptography;

namespace WatchReload.Builder.Replay;

/// <summary>A file that a compilation holds: read once, so that its hash is of what is held, whenever somebody looks into it.</summary>
internal sealed class HeldFile
{
    private readonly byte[]? _content;

    private HeldFile(string path, byte[]? content)
    {
        (Path, _content) = (path, content);
        Hash = content is null ? null : Convert.ToHexStringLower(SHA256.HashData(content));
    }

    public string Path { get; }

    /// <summary>Null when there was no file.</summary>
    public string? Hash { get; }

    /// <exception cref="FileNotFoundException">There was no file, which the compiler tells only who looks.</exception>
    public byte[] Content => _content ?? throw new FileNotFoundException($"{Path} is missing.", Path);

    /// <exception cref="IOException">It cannot be read.</exception>
    public static HeldFile Read(string path) => new(path, File.Exists(path) ? FileHash.WithContent(new FileInfo(path)).Content : null);
}
