using System.Globalization;

namespace WatchReload.Bench.Services;

/// <summary>The files of a generated service that edits change, as texts; how often each kind of edit was made decides what is in them.</summary>
/// <param name="Namespace">Of the service.</param>
/// <param name="Access">public or internal.</param>
internal sealed record ServiceText(string Namespace, string Access)
{
    private const string VersionFile = "ServiceVersion.cs";
    public const string StateFile = "ConnectionState.cs";
    public const string ProjectFile = "Service.csproj";

    private int Body { get; init; }
    private int Later { get; init; }
    private int Added { get; init; }
    private int Shape { get; init; }
    private int Files { get; init; }
    private int Build { get; init; }
    private LeafText Leaf { get; init; } = new();

    /// <summary>The service builds on <see cref="Libraries"/>.</summary>
    public bool HasLibraries { get; init; }

    /// <summary>Makes the text of the project file, given its items.</summary>
    public required Func<string, string> Project { get; init; }

    /// <summary>What <c>/version</c> answers.</summary>
    public string Answer => string.Create(CultureInfo.InvariantCulture, $"{Body}.{Later}.{Added}.{Shape}.{Files}.{Build}.{(HasLibraries ? Leaf.Answer : "0")}");

    /// <summary>All of them, by path.</summary>
    public IReadOnlyList<SourceFile> All => [Version, State, LaterFile, ProjectText, .. Enumerable.Range(1, Files).Select(NewFile), .. HasLibraries ? Libraries.All(Leaf) : []];

    private SourceFile Version => new(VersionFile, $$"""
        namespace {{Namespace}};

        /// <summary>What <c>/version</c> answers.</summary>
        {{Access}} static class ServiceVersion
        {
            private static readonly string Build = System.Reflection.CustomAttributeExtensions.GetCustomAttributes<System.Reflection.AssemblyMetadataAttribute>(typeof(ServiceVersion).Assembly)
                .Single(a => a.Key == "Build").Value!;

            public static string Text => $"{Body()}.{Later.Text().Result}.{Added()}.{ConnectionState.Shape()}.{Files()}.{Build}.{Leaf()}";

            private static string Leaf() => {{(HasLibraries ? LeafText.Call : "\"0\"")}};

            private static string Body() => "{{Body}}";

            private static string Added() => {{(Added == 0 ? "\"0\"" : $"Added{Added}()")}};

            private static string Files() => {{(Files == 0 ? "\"0\"" : $"New{Files}.Text()")}};
        {{string.Concat(Enumerable.Range(1, Added).Select(n => $"\n    private static string Added{n}() => \"{n}\";\n"))}}}

        """);

    private SourceFile State => new(StateFile, $$"""
        namespace {{Namespace}};

        /// <summary>What is remembered of one client.</summary>
        {{Access}} sealed record ConnectionState(string? Name, int Pings{{string.Concat(Enumerable.Range(1, Shape).Select(n => $", {(n == Shape ? "int" : "long")} Extra{n} = {n}"))}})
        {
            public static ConnectionState Unnamed => new(null, 0);

            public static string Shape() => "{{Shape}}";
        }

        """);

    private SourceFile LaterFile => new("Later.cs", $$"""
        namespace {{Namespace}};

        internal static class Later
        {
            public static async Task<string> Text()
            {
                var parts = new List<int> { 3, 1, 2 };
                await Task.CompletedTask;
                Func<int, bool> keep = part => part < {{Later}} % 1 + 1;
                return string.Concat(parts.Where(keep).OrderBy(part => part).Select(part => "")) + "{{Later}}";
            }
        }

        """);

    private SourceFile ProjectText => new(ProjectFile, Project($"""<AssemblyMetadata Include="Build" Value="{Build}" />{(HasLibraries ? Libraries.Reference : "")}"""));

    public bool Knows(EditKind kind) => !kind.IsOfLibraries() || HasLibraries;

    /// <summary>The next edit of that kind: the texts after it, and the files to save, in this order.</summary>
    public (ServiceText After, IReadOnlyList<SourceFile> Saves) Next(EditKind kind)
    {
        var after = kind switch
        {
            EditKind.Body or EditKind.MovedBody => this with { Body = Body + 1 },
            EditKind.Async => this with { Later = Later + 1 },
            EditKind.AddedMethod => this with { Added = Added + 1 },
            EditKind.StateRecord => this with { Shape = Shape + 1 },
            EditKind.NewFile => this with { Files = Files + 1 },
            EditKind.ProjectFile => this with { Build = Build + 1 },
            EditKind.Leaf or EditKind.LeafSurface or EditKind.LeafProjectFile => this with { Leaf = Leaf.After(kind) },
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        return (after, kind switch
        {
            EditKind.Async => [after.LaterFile],
            EditKind.StateRecord => [after.State],
            EditKind.NewFile => [after.NewFile(after.Files), after.Version],
            EditKind.ProjectFile => [after.ProjectText],
            EditKind.Leaf or EditKind.LeafSurface => [after.Leaf.Source],
            EditKind.LeafProjectFile => [after.Leaf.Project],
            _ => [after.Version],
        });
    }

    private SourceFile NewFile(int number) => new($"New{number}.cs", $$"""
        namespace {{Namespace}};

        internal static class New{{number}}
        {
            public static string Text() => "{{number}}";
        }

        """);
}

/// <param name="Path">Relative to the service's directory.</param>
internal sealed record SourceFile(string Path, string Text);
