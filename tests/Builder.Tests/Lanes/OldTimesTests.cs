using System.Security.Cryptography;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>While no builder is there a file is replaced by an older one, as by a move or a copy that keeps times, or goes. MSBuild goes by times.</summary>
public sealed class OldTimesTests : IAsyncDisposable
{
    private const string Warnings = "warnings";

    /// <param name="Makes">What it is made into: the path of an output, or warnings.</param>
    /// <param name="Edit">Changes it.</param>
    private sealed record Kind(string Name, string Makes, Action<Tree> Edit);

    /// <summary>What is compared at once: no two are made into the same.</summary>
    private static readonly Kind[][] _rounds =
    [
        [
            Text("source of a referenced project", "Base.dll", "Base/Base.cs", "= 1", "= 2"),
            Text("constant of a referenced project", "User.dll", "Base/Base.cs", "= 2", "= 3"),
            Text("resource", "Texts.dll", "Texts/Texts.resx", "one", "two"),
            Text("additional file", "Pages.dll", "Pages/Page.razor", "one", "two"),
            Text("content", "appsettings.json", "App/appsettings.json", "1", "2"),
            Text("copied file", "names.txt", "App/names.txt", "one", "two"),
            Text("application configuration", "App.dll.config", "App/App.config", "one", "two"),
            new(".editorconfig that is gone", Warnings, tree => File.Delete(tree["Signed/.editorconfig"])),
        ],
        [
            Old("referenced assembly", "Base.dll", "libraries/Outer.dll", tree => EveryInput.Outer(tree, 2)),
            Text("linked file of a resource", "Texts.dll", "Texts/parts/linked.txt", "one", "two"),
            new("additional file that is gone", "Pages.dll", tree => File.Delete(tree["Pages/Page.razor"])),
            Old("key", "Signed.dll", "keys/key.snk", EveryInput.Key),
            Old("key that an attribute names", "Keyed.dll", "keys/attribute.snk", tree => EveryInput.Key(tree, "keys/attribute.snk")),
            Text("manifest", "App.dll", "App/app.manifest", "one", "two"),
        ],
        [
            Text("embedded file", "Texts.dll", "Texts/plain.txt", "one", "two"),
            Text("imported property", "Pages.dll", "Directory.Build.props", "<Company>One", "<Optimize>false</Optimize><Company>One"),
        ],
        [
            Text("resource of lines", "Texts.dll", "Texts/Lines.restext", "one", "two"),
        ],
    ];

    private readonly Building _building = new(settings => settings with { MemoryLimit = 4L << 30 });

    public ValueTask DisposeAsync() => _building.DisposeAsync();

    [Fact(Timeout = 1_200_000)]
    public async Task Next_builder_builds_what_there_is_whatever_its_time()
    {
        EveryInput.Write(_building.Tree);
        _building.Tree
            .Write(".editorconfig", "root = true\n")
            .Write("Signed/.editorconfig", "[*.cs]\ndotnet_diagnostic.CS0219.severity = none\n");
        var request = _building.Request(EveryInput.App);
        var before = Made(await Built(request));
        var wrong = new List<string>();
        foreach (var round in _rounds)
        {
            await _building.Restart();
            foreach (var kind in round)
                kind.Edit(_building.Tree);
            var made = Made(await Built(request));
            wrong.AddRange(round.Where(kind => made.GetValueOrDefault(kind.Makes) == before.GetValueOrDefault(kind.Makes)).Select(kind => $"{kind.Name}: {kind.Makes} is as it was before"));
            before = made;
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        var clean = await CleanBuild.Run(request);
        Assert.True(clean.ExitCode == 0, clean.Output);
        Assert.All(clean.Files.Where(file => before.ContainsKey(file.Key)), file => Assert.Equal(Hash(file.Value), before[file.Key]));
    }

    /// <summary>Else it would be built as if all of it were new whenever a builder starts.</summary>
    [Fact(Timeout = 600_000)]
    public async Task Next_builder_compiles_nothing_that_is_as_it_was()
    {
        _building.Tree.Write("One/One.csproj", Projects.Library()).Write("One/One.cs", "public class One;").Write("One/Texts.resx", EveryInput.Resx("<data name=\"One\" xml:space=\"preserve\"><value>one</value></data>"));
        var request = _building.Request("One/One.csproj");
        var made = Written(await Built(request));
        await _building.Restart();

        Assert.Equal(made, Written(await Built(request)));

        DateTime Written(BuildOutcome outcome) => File.GetLastWriteTimeUtc(outcome.Outputs.Single(output => output.Path == "One.dll").Source);
    }

    private async Task<BuildOutcome> Built(BuildRequest request)
    {
        var outcome = await _building.Host.Build(request, TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        return outcome;
    }

    private static Dictionary<string, string> Made(BuildOutcome outcome) => new(outcome.Outputs.ToDictionary(output => output.Path, output => Hash(File.ReadAllBytes(output.Source)), StringComparer.Ordinal))
    {
        [Warnings] = string.Join(' ', outcome.Diagnostics.Select(found => found.Code).Where(code => code == "CS0219").Distinct().Order(StringComparer.Ordinal)),
    };

    private static Kind Text(string name, string makes, string file, string was, string becomes) => Old(name, makes, file, tree => EveryInput.Replace(tree, file, was, becomes));

    /// <summary>What it is replaced by was written long before.</summary>
    private static Kind Old(string name, string makes, string file, Action<Tree> edit) => new(name, makes, tree =>
    {
        edit(tree);
        File.SetLastWriteTimeUtc(tree[file], new DateTime(2001, 1, 2, 3, 4, 5, DateTimeKind.Utc));
    });

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
