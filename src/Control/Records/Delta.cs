namespace WatchReload.Control;

/// <summary>A hot assembly as a node has it: what it was loaded as, and what has been applied to it since.</summary>
/// <param name="Name">Simple name.</param>
/// <param name="Mvid">Of the image that was loaded.</param>
/// <param name="Generation">How many deltas have been applied to it.</param>
/// <param name="Delta">The id of the last of them; null when there is none.</param>
public sealed record LoadedAssembly(string Name, Guid Mvid, int Generation, Guid? Delta = null);

/// <summary>An update of one loaded assembly, of bodies and with methods and types that are added, or with types that are made anew, as <c>MetadataUpdater.ApplyUpdate</c> takes it.</summary>
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

    /// <summary>Tokens of the types that have a body or a method in it, and of those that it makes.</summary>
    public IReadOnlyList<int> Types { get; init => field = value ?? []; } = [];

    /// <summary>It makes types beside those that there are, and changes nothing that a version runs once it is configured: after its application it can still be refused.</summary>
    public bool Apart { get; init; }

    /// <summary>Full names of the types that it makes, new ones or another generation of those there are, as they are in source; none stands in another.</summary>
    public IReadOnlyList<string> Remade { get; init => field = value ?? []; } = [];

    /// <summary>Of the types that it makes, the defaults of their constructors' parameters: the runtime may not find them in what deltas bring.</summary>
    public IReadOnlyList<ParameterDefault> Defaults { get; init => field = value ?? []; } = [];
}

/// <summary>The default of a parameter of a constructor.</summary>
/// <param name="Type">Full name of the type in source, nested ones with a plus sign.</param>
/// <param name="Parameter">Its name.</param>
/// <param name="Among">The names of all parameters of the constructor, with commas.</param>
/// <param name="Kind">Of the value, as <see cref="TypeCode"/> has it; of an enum the number's. Empty for null, and the zero of a struct.</param>
/// <param name="Value">In the invariant culture.</param>
public sealed record ParameterDefault(string Type, string Parameter, string Among, TypeCode Kind, string Value)
{
    public static ParameterDefault Of(string type, string parameter, string among, object? value) => value is null
        ? new(type, parameter, among, TypeCode.Empty, "")
        : new(type, parameter, among, System.Type.GetTypeCode(value.GetType()), value switch
        {
            double number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            float number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
        });

    /// <summary>The value itself.</summary>
    public object? Read() => Kind == TypeCode.Empty ? null : Convert.ChangeType(Value, Kind, System.Globalization.CultureInfo.InvariantCulture);
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
