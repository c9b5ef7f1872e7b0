using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Security.Cryptography;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using WatchReload.Control;

namespace WatchReload.Builder.Deltas;

/// <summary>A state of an assembly that a node may have loaded, and that a delta can start from.</summary>
/// <param name="Mvid">Of the image.</param>
/// <param name="Generation">How many deltas were made upon it.</param>
/// <param name="Id">Of the last of them.</param>
/// <param name="Sources">The compilation of the project's own files: as long as it is the same object, nothing has changed.</param>
/// <param name="Compilation">The same with what generators made.</param>
/// <param name="Baseline">What the compiler needs to go on from.</param>
internal sealed record DeltaPoint(Guid Mvid, int Generation, Guid? Id, CSharpCompilation Sources, CSharpCompilation Compilation, EmitBaseline Baseline)
{
    /// <summary>Names in texts that deltas have replaced since the image: turns that began in them go on, and what they have looked for in vain may be remembered somewhere.</summary>
    public IReadOnlySet<string> Replaced { get; init; } = new HashSet<string>();

    /// <summary>Simple names of the assemblies that code which may have run uses.</summary>
    public IReadOnlySet<string> Uses { get; init; } = new HashSet<string>();

    /// <summary>The state since which declarations are the same: bodies alone were replaced, and methods added.</summary>
    public CSharpCompilation Declares { get; init; } = Compilation;

    /// <summary>Rows of the table of constants, of the image and the deltas since.</summary>
    public int Constants { get; init; }

    /// <summary>Whether code that may have run has the name.</summary>
    public bool Knows(string name, CancellationToken cancellation) => Replaced.Contains(name) || KnownNames.Has(Compilation.SyntaxTrees, name, cancellation);

    /// <summary>What the delta to that leads to.</summary>
    public DeltaPoint Next(AssemblyDelta delta, CSharpCompilation sources, CSharpCompilation compilation, EmitBaseline baseline, CancellationToken cancellation)
    {
        BaselineChain.Cut(Baseline);
        BaselineChain.Forget(baseline);
        return new(Mvid, delta.Generation, delta.Id, sources, compilation, baseline)
        {
            Constants = Constants + DeltaTables.ConstantsIn(delta.Metadata),
            Uses = new HashSet<string>([.. Uses, .. DeltaTables.UsesIn(delta.Metadata, compilation)], StringComparer.Ordinal),
            Declares = delta.Apart || delta.Remade.Count > 0 ? compilation : Declares,
            Replaced = KnownNames.With(Replaced, Compilation.SyntaxTrees.Where(tree => !compilation.ContainsSyntaxTree(tree)), cancellation),
        };
    }

    public static DeltaPoint Of(CSharpCompilation sources, CSharpCompilation compiled, byte[] image)
    {
        var module = ModuleMetadata.CreateFromImage(image);
        // No body keeps anything of the one before it (see BodyEdit), so the compiler never asks for its locals and lambdas.
        var baseline = EmitBaseline.CreateInitialBaseline(compiled, module, static _ => default, static _ => default, hasPortableDebugInformation: true);
        var metadata = module.GetMetadataReader();
        return new DeltaPoint(module.GetModuleVersionId(), 0, null, sources, compiled, baseline)
        {
            Constants = metadata.GetTableRowCount(TableIndex.Constant),
            Uses = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToHashSet(StringComparer.Ordinal),
        };
    }

    public bool Is(LoadedAssembly loaded) => (loaded.Mvid, loaded.Generation, loaded.Delta) == (Mvid, Generation, Id);

    public bool Is(DeltaPoint other) => (other.Mvid, other.Generation, other.Id) == (Mvid, Generation, Id);

    /// <summary>What the compiler has emitted as the difference to this, as a node takes it.</summary>
    public AssemblyDelta Describe(string assembly, byte[] metadata, byte[] il, byte[] symbols, EmitDifferenceResult result)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(metadata);
        hash.AppendData(il);
        hash.AppendData(symbols);
        using var provider = MetadataReaderProvider.FromMetadataImage([.. metadata]);
        var reader = provider.GetMetadataReader();
        var module = reader.GetModuleDefinition();
        return new AssemblyDelta
        {
            Assembly = assembly,
            Mvid = Mvid,
            Generation = module.Generation,
            Id = reader.GetGuid(module.GenerationId),
            After = Id,
            Metadata = metadata,
            IL = il,
            Symbols = symbols,
            Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()),
            Types = [.. result.ChangedTypes.Select(type => MetadataTokens.GetToken(type))],
        };
    }
}
