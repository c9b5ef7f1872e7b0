using System.Reflection.Metadata;
using System.Security.Cryptography;
using WatchReload.Control;

namespace WatchReload.Hosting.Loading;

/// <summary>One delta and the loaded assembly that it is for. Looking at it changes nothing.</summary>
internal sealed class HotDelta(AssemblyDelta delta, HotAssembly assembly)
{
    public HotAssembly Assembly => assembly;

    /// <inheritdoc cref="AssemblyDelta.Remade"/>
    public IReadOnlyList<string> Remade => delta.Remade;

    /// <summary>The deltas with their assemblies, or why they are not for what is loaded.</summary>
    public static IReadOnlyList<HotDelta> Of(TreeDelta tree, LoadedRelease release, Problems problems)
    {
        var deltas = new List<HotDelta>();
        foreach (var one in tree.Assemblies)
        {
            if (release.FindHot(one.Assembly) is not { } hot || deltas.Exists(delta => ReferenceEquals(delta.Assembly, hot)))
                problems.Add($"The delta of {one.Assembly} is for an assembly that is not loaded, or the second for one.", Remedy);
            else if (Mismatch(one, hot) is { } mismatch)
                problems.Add($"The delta of {one.Assembly} {mismatch}.", Remedy);
            else
                deltas.Add(new HotDelta(one, hot));
        }

        return deltas;
    }

    /// <summary>From now on turns that start run the new bodies; those that are under way end in the old ones.</summary>
    public void Apply()
    {
        MetadataUpdater.ApplyUpdate(assembly.Assembly, delta.Metadata, delta.IL, delta.Symbols);
        assembly.Updated(delta.Generation, delta.Id);
    }

    /// <summary>The types that have a body in it, or are made by it, for those who cache what they know of types.</summary>
    public IEnumerable<Type> Types()
    {
        foreach (var token in delta.Types)
        {
            Type type;
            try
            {
                type = assembly.Assembly.ManifestModule.ResolveType(token);
            }
            catch (Exception cause) when (cause is ArgumentException or TypeLoadException or BadImageFormatException)
            {
                continue; // one of the compiler's own: nobody knows it yet
            }

            yield return type;
        }
    }

    private const string Remedy = "The release is built instead.";

    private static string? Mismatch(AssemblyDelta delta, HotAssembly hot)
    {
        if (hot.Assembly.ManifestModule.ModuleVersionId != delta.Mvid) return "is for another build of it";
        if (delta.Generation != hot.Generation + 1 || delta.After != hot.Delta) return $"makes generation {delta.Generation}, and generation {hot.Generation} is loaded";
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(delta.Metadata);
        sha.AppendData(delta.IL);
        sha.AppendData(delta.Symbols);
        if (Convert.ToHexStringLower(sha.GetHashAndReset()) != delta.Sha256) return "was damaged on the way";
        return SaysItself(delta) ? null : "says another thing of itself than the request does";
    }

    private static unsafe bool SaysItself(AssemblyDelta delta)
    {
        try
        {
            fixed (byte* bytes = delta.Metadata)
            {
                var metadata = new MetadataReader(bytes, delta.Metadata.Length);
                var module = metadata.GetModuleDefinition();
                return module.Generation == delta.Generation
                    && metadata.GetGuid(module.Mvid) == delta.Mvid
                    && metadata.GetGuid(module.GenerationId) == delta.Id
                    && (module.BaseGenerationId.IsNil ? null : metadata.GetGuid(module.BaseGenerationId)) == delta.After;
            }
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
