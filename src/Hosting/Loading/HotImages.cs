using WatchReload.Control;

namespace WatchReload.Hosting.Loading;

/// <summary>A hot assembly as it lies in the release: checked bytes, not yet loaded.</summary>
internal sealed record HotImage(AssemblyImage Image, string Sha256, byte[] Bytes, byte[]? Symbols)
{
    public string Name => Image.Name;

    /// <summary>Its resource assemblies, by culture.</summary>
    public Dictionary<string, HotImage> Satellites { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>The hot assemblies of a release by simple name.</summary>
internal sealed class HotImages
{
    private readonly Dictionary<string, HotImage> _byName = new(StringComparer.OrdinalIgnoreCase);

    private HotImages()
    {
    }

    public IReadOnlyCollection<HotImage> All => _byName.Values;

    /// <summary>Null, with the reason among the problems, when the release has none of that name.</summary>
    public HotImage? Entry { get; private set; }

    public HotImage? Find(string name) => _byName.GetValueOrDefault(name);

    public static HotImages Read(ReleaseManifest manifest, IReadOnlyDictionary<string, byte[]> bytes, Problems problems)
    {
        var images = new HotImages();
        var satellites = new List<HotImage>();
        var unread = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in manifest.Files.Where(file => file.Kind == ReleaseFileKind.Hot))
        {
            if (!bytes.ContainsKey(file.Path) || Parse(file, bytes, problems) is not { } image)
            {
                unread.Add(Path.GetFileNameWithoutExtension(file.Path));
            }
            else if (image.Image.Culture.Length > 0)
            {
                satellites.Add(image);
            }
            else if (!images._byName.TryAdd(image.Name, image))
            {
                problems.AddDamage($"{file.Path}: the release has another assembly of the name {image.Name}.");
            }
        }

        foreach (var satellite in satellites)
        {
            images.Find(Path.GetFileNameWithoutExtension(satellite.Name))?.Satellites.TryAdd(satellite.Image.Culture, satellite);
        }

        images.Entry = images.Find(manifest.EntryAssembly);
        if (images.Entry is null && !unread.Contains(manifest.EntryAssembly))
        {
            problems.AddDamage($"{ReleaseManifest.FileName} names the entry assembly {manifest.EntryAssembly}, which is not among the release's assemblies.");
        }

        return images;
    }

    private static HotImage? Parse(ReleaseFile file, IReadOnlyDictionary<string, byte[]> bytes, Problems problems)
    {
        try
        {
            var image = AssemblyImage.Parse(bytes[file.Path], hot: true)!;
            return new(image, file.Sha256, bytes[file.Path], bytes.GetValueOrDefault(Path.ChangeExtension(file.Path, ".pdb")));
        }
        catch (BadImageFormatException error)
        {
            problems.Add(
                $"{file.Path} cannot be loaded: {error.Message}.",
                "Build it for AnyCPU or for this node's architecture; if it is, clean the build's outputs and build again.");
            return null;
        }
    }
}
