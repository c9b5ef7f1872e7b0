using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Support;

/// <summary>What a node says that it has loaded.</summary>
internal static class LoadedImages
{
    /// <summary>Of a build, with no deltas.</summary>
    public static List<LoadedAssembly> From(BuildOutcome built) =>
        [.. built.Outputs.Where(output => output.Kind == ReleaseFileKind.Hot).Select(output => new LoadedAssembly(Path.GetFileNameWithoutExtension(output.Path), Mvid(output.Source), 0))];

    public static Guid Mvid(string image)
    {
        using var file = new PEReader(File.OpenRead(image));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }
}
