using System.Globalization;

namespace WatchReload.Bench.Services;

/// <summary>The deepest of the <see cref="Libraries"/>, which all others build on, as texts; how often each kind of edit was made there decides what is in them.</summary>
internal sealed record LeafText
{
    private const int Number = Libraries.Count;

    private int Body { get; init; }
    private int Surface { get; init; }
    private int Build { get; init; }

    /// <summary>What the service says by <see cref="Call"/>.</summary>
    public string Answer => string.Create(CultureInfo.InvariantCulture, $"{Body}.{Surface}.{Build}");

    /// <summary>What the service has in its code, to show what is in this project.</summary>
    public static string Call => $"{Type}.Body() + \".\" + {Type}.Surface + \".\" + {Type}.Build()";

    /// <summary>Relative to the service.</summary>
    public SourceFile Source => new($"{Libraries.Directory(Number)}/Leaf.cs", $$"""
        namespace {{Libraries.Namespace(Number)}};

        public static class Leaf
        {
            public const string Surface = "{{Surface}}";

            public static string Body() => "{{Body}}";

            public static string Build() => System.Reflection.CustomAttributeExtensions.GetCustomAttributes<System.Reflection.AssemblyMetadataAttribute>(typeof(Leaf).Assembly)
                .Single(a => a.Key == "Build").Value!;
        }

        """);

    /// <summary>Relative to the service.</summary>
    public SourceFile Project => Libraries.Project(Number, $"""<AssemblyMetadata Include="Build" Value="{Build}" />""");

    private static string Type => $"{Libraries.Namespace(Number)}.Leaf";

    /// <param name="kind">One of the libraries.</param>
    public LeafText After(EditKind kind) => kind switch
    {
        EditKind.Leaf => this with { Body = Body + 1 },
        EditKind.LeafSurface => this with { Surface = Surface + 1 },
        EditKind.LeafProjectFile => this with { Build = Build + 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
