using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace WatchReload.Hosting.Loading;

internal sealed record AssemblyReferenceName(string Name, Version Version);

/// <summary>What an assembly says of itself, read from its metadata without loading it.</summary>
internal sealed class AssemblyImage
{
    private AssemblyImage(MetadataReader metadata, bool hot)
    {
        var definition = metadata.GetAssemblyDefinition();
        Name = metadata.GetString(definition.Name);
        Version = definition.Version;
        Culture = metadata.GetString(definition.Culture);
        Mvid = metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
        References = [.. metadata.AssemblyReferences.Select(handle =>
        {
            var reference = metadata.GetAssemblyReference(handle);
            return new AssemblyReferenceName(metadata.GetString(reference.Name), reference.Version);
        })];

        // A package without a reference to the actors' API has nothing that can be, or be a base of, a service.
        var usesActors = References.Any(reference => reference.Name == ServiceTypes.Interface.Assembly);
        MissingOfActors = usesActors ? ActorsUses.Missing(metadata, Name) : [];
        Types = hot || usesActors
            ? TypeShape.ReadAll(metadata, Name)
            : new Dictionary<string, TypeShape>();
        MutableStatics = hot ? StaticFields.Mutable(metadata) : [];
    }

    public string Name { get; }

    public Version Version { get; }

    /// <summary>Empty but for satellites.</summary>
    public string Culture { get; }

    public Guid Mvid { get; }

    public IReadOnlyList<AssemblyReferenceName> References { get; }

    /// <summary>What it uses of WatchReload.Actors and this node's does not have.</summary>
    public IReadOnlyList<string> MissingOfActors { get; }

    /// <summary>By full name; of packages only where they matter.</summary>
    public IReadOnlyDictionary<string, TypeShape> Types { get; }

    /// <summary><c>Type.Field</c> each; of hot assemblies only.</summary>
    public IReadOnlyList<string> MutableStatics { get; }

    /// <summary>Null for a file of a package that has no metadata, or is no PE file at all: a native library.</summary>
    /// <exception cref="BadImageFormatException">It is an assembly, but truncated, corrupt or of another architecture; the message says which.</exception>
    public static AssemblyImage? Parse(byte[] bytes, bool hot)
    {
        using var file = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(bytes));
        try
        {
            if (!file.HasMetadata && !hot)
            {
                return null;
            }
        }
        catch (BadImageFormatException) when (!hot)
        {
            return null;
        }

        if (file.PEHeaders.SectionHeaders.Any(section => (long)section.PointerToRawData + section.SizeOfRawData > bytes.Length))
        {
            throw new BadImageFormatException("it is truncated");
        }

        if (!file.HasMetadata)
        {
            throw new BadImageFormatException("it is not a .NET assembly");
        }

        var metadata = file.GetMetadataReader();
        if (!metadata.IsAssembly)
        {
            throw new BadImageFormatException("it is a module, not an assembly");
        }

        CheckArchitecture(file.PEHeaders);
        try
        {
            return new AssemblyImage(metadata, hot);
        }
        catch (Exception error) when (error is not BadImageFormatException)
        {
            // Nothing but the metadata's own content can make its reader fail, and it does so in many ways.
            throw new BadImageFormatException($"its metadata is corrupt ({error.Message})", error);
        }
    }

    private static void CheckArchitecture(PEHeaders headers)
    {
        var flags = headers.CorHeader!.Flags;
        var machine = headers.CoffHeader.Machine;
        if (machine == Machine.I386 && flags.HasFlag(CorFlags.ILOnly) && !flags.HasFlag(CorFlags.Requires32Bit))
        {
            return;
        }

        var own = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => Machine.Amd64,
            Architecture.X86 => Machine.I386,
            Architecture.Arm64 => Machine.Arm64,
            Architecture.Arm => Machine.ArmThumb2,
            Architecture.LoongArch64 => Machine.LoongArch64,
            _ => Machine.Unknown,
        };

        // Precompiled code carries its operating system in the machine field, combined by exclusive or: these are Linux's, Apple's, FreeBSD's.
        ReadOnlySpan<int> systems = [0, 0x7B79, 0x4644, 0xADC4];
        if (own != Machine.Unknown && !systems.Contains((int)machine ^ (int)own))
        {
            throw new BadImageFormatException($"it is built for {machine}, and this node runs as {RuntimeInformation.ProcessArchitecture}");
        }
    }
}
