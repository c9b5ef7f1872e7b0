using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using WatchReload.Control;

namespace WatchReload.Builder.Outputs;

/// <summary>
/// What a node loads with each version beside hot assemblies: packages that keep what they know of a service's types in statics, and whatever refers to them. A load makes these statics anew; a delta does not.
/// </summary>
internal static class VersionPackages
{
    /// <summary>Simple names, as a node comes to them.</summary>
    /// <param name="outputs">Of the build.</param>
    /// <param name="packages">Ids of such packages; <c>*</c> is any text.</param>
    public static IReadOnlySet<string> Of(IReadOnlyList<BuildOutput> outputs, IReadOnlyList<string> packages)
    {
        var names = VersionAssemblies.Of(outputs, packages).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (names.Count == 0)
            return names;
        var all = VersionAssemblies.Assemblies(outputs).Select(output => (Name: Path.GetFileNameWithoutExtension(output.Path), References: ReferencesOf(output.Source))).ToList();
        while (all.Exists(assembly => assembly.References.Exists(names.Contains) && names.Add(assembly.Name)))
        {
            // Those that refer to what was added.
        }
        return names;
    }

    private static List<string> ReferencesOf(string path)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(path));
            if (!file.HasMetadata)
                return []; // a native library
            var metadata = file.GetMetadataReader();
            return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return []; // no node loads it, and the one that is told to says why
        }
    }
}
