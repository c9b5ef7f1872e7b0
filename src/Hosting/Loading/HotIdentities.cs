using System.Security.Cryptography;
using System.Text;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// Which hot assemblies depend on which, and a hash for each over all that it is made of: its own bytes, its satellites', those of the
/// hot assemblies that it references, directly or not, and the package set if any of these uses a package. Equal hashes mean that the
/// loaded assembly can stay as it is.
/// </summary>
/// <remarks>
/// The entry assembly counts as depending on all others, because it may look them up by name. So it is reloaded whenever anything is,
/// and never finds an old assembly under a name that it did not reference.
/// </remarks>
internal sealed class HotIdentities(HotImages images, PackageContext? packages, DefaultAssemblies defaults, VersionPackages? versionPackages = null)
{
    private readonly string _thisVersionOnly = Guid.NewGuid().ToString("N");

    /// <summary>Packages loaded with the version that the assembly may use, by itself or through what it sees.</summary>
    public IEnumerable<string> VersionPackagesOf(HotImage image) => versionPackages is null ? [] : Visible(image).SelectMany(versionPackages.UsedBy).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The hot assemblies that it may see, itself among them, in the order of their names.</summary>
    public IReadOnlyList<HotImage> Visible(HotImage image)
    {
        var found = new HashSet<HotImage>(ReferenceEqualityComparer.Instance);
        var open = new Stack<HotImage>(ReferenceEquals(image, images.Entry) ? images.All : [image]);
        while (open.TryPop(out var next))
        {
            if (found.Add(next))
            {
                foreach (var reference in next.Image.References.Select(reference => images.Find(reference.Name)).OfType<HotImage>())
                {
                    open.Push(reference);
                }
            }
        }

        return [.. found.OrderBy(one => one.Name, StringComparer.Ordinal)];
    }

    public string Of(HotImage image)
    {
        var visible = Visible(image);
        var text = new StringBuilder();
        foreach (var one in visible)
        {
            text.Append(one.Name).Append('\n').Append(one.Sha256).Append('\n');
            foreach (var satellite in one.Satellites.Values.OrderBy(satellite => satellite.Image.Culture, StringComparer.Ordinal))
            {
                text.Append(satellite.Image.Culture).Append('\n').Append(satellite.Sha256).Append('\n');
            }
        }

        if (packages is not null && (ReferenceEquals(image, images.Entry) || visible.Any(UsesPackage)))
        {
            text.Append(packages.Name);
        }

        if (VersionPackagesOf(image).Any())
        {
            text.Append(_thisVersionOnly);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private bool UsesPackage(HotImage image) => image.Image.References.Any(reference =>
        images.Find(reference.Name) is null && !defaults.Has(reference.Name) && packages!.Files.Find(reference.Name) is not null);
}
