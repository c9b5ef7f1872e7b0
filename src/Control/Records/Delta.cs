namespace WatchReload.Control;

/// <summary>A hot assembly as a node has it: what it was loaded as, and what has been applied to it since.</summary>
/// <param name="Name">Simple name.</param>
/// <param name="Mvid">Of the image that was loaded.</param>
/// <param name="Generation">How many deltas have been applied to it.</param>
/// <param name="Delta">The id of the last of them; null when there is none.</param>
public sealed record LoadedAssembly(string Name, Guid Mvid, int Generation, Guid? Delta = null);

/// <summary>An update of one loaded assembly, of bodies and with methods that are added, as <c>MetadataUpdater.ApplyUpdate</c> takes it.</summary>
public sealed record AssemblyDelta
{
    /// <summary>Simple name.</summary>
    public required string Assembly { get; init; }

    /// <summary>Of the image that it is for.</summary>
    public required Guid Mvid { get; init; }

    /// <summary>That it makes: the first delta of an image makes 1.</summary>
    public required int Generation { get; init; }

    /// <summary>Its own id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Id of the delta that it comes after; null for the first.</summary>
    public Guid? After { get; init; }

    public required byte[] Metadata { get; init; }

    public required byte[] IL { get; init; }

    public required byte[] Symbols { get; init; }

    /// <summary>SHA-256 over metadata, IL and symbols, in lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Tokens of the types that have a body or a method in it.</summary>
    public IReadOnlyList<int> Types { get; init => field = value ?? []; } = [];
}

/// <summary>What a reload by deltas brings.</summary>
public sealed record TreeDelta
{
    /// <summary>Hash of the tree that the deltas lead to.</summary>
    public required string SourceHash { get; init; }

    public string? Commit { get; init; }

    /// <summary>Whether the tree is that commit and nothing else.</summary>
    public bool Clean { get; init; }

    /// <summary>One an assembly; all are applied, or none.</summary>
    public required IReadOnlyList<AssemblyDelta> Assemblies { get; init; }
}
