using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>Which tree a build is of, when files come, go or are replaced meanwhile.</summary>
public sealed class BuiltTreeTests : BuildStageBed
{
    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_files_have_been_seen_again_when_there_was_a_build_since_one_of_another_kind_came(bool delta)
    {
        var (released, has) = await Released();
        Assert.True(Stage.HasSeenAll);
        Bed.Scratch.Write("src/notes.txt", "");
        Assert.False(Stage.HasSeenAll);
        Write(body: 2, content: 1);

        await Build(delta ? On(released, has) : null);
        Assert.True(Stage.HasSeenAll);
        Assert.True(KnownTree.Load(Bed.Scratch.State)!.HasSeenAll());
    }

    [Fact(Timeout = 120_000)]
    public async Task File_of_another_kind_has_not_been_seen_when_it_came_while_the_tree_was_built()
    {
        await Released();
        Write(body: 2, content: 1);

        await Build(null, learned: _ => Bed.Scratch.Write("src/.editorconfig", "root = true"));
        Assert.False(Stage.HasSeenAll);
        await Build(null);
        Assert.True(Stage.HasSeenAll);
    }

    /// <summary>Else the tree with both would be taken for what the node has.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Tree_is_built_as_a_release_when_another_file_comes_while_the_delta_of_the_first_is_made()
    {
        var (released, has) = await Released();
        Bed.Scratch.Write("src/B.cs", "class B { int One() { return 1; } }");
        var later = Path.Combine(Bed.Scratch.Root, "src/C.cs");
        var aside = Bed.Scratch.Write("aside/C.cs", "class C { }");
        File.SetLastWriteTimeUtc(aside, new DateTime(2001, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        var built = await Build(On(released, has), learned: _ =>
        {
            if (!File.Exists(later)) File.Move(aside, later);
        });

        Assert.Null(built.Delta);
        Assert.Contains(later, built.Outcome.Inputs.Files);
        Assert.Equal(Stage.TreeHash(TestContext.Current.CancellationToken), built.Release!.Manifest.SourceHash);
    }

    /// <summary>Else it would be taken for one that no build wants.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Release_is_of_no_tree_when_a_file_comes_while_it_is_built()
    {
        await Released();
        Write(body: 2, content: 1);
        var aside = Bed.Scratch.Write("aside/C.cs", "class C { }");
        File.SetLastWriteTimeUtc(aside, new DateTime(2001, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        var built = await Build(null, learned: _ => File.Move(aside, Path.Combine(Bed.Scratch.Root, "src/C.cs")));
        Assert.NotEqual(Stage.TreeHash(TestContext.Current.CancellationToken), built.Release!.Manifest.SourceHash);
        var next = await Build(null);
        Assert.Equal(Stage.TreeHash(TestContext.Current.CancellationToken), next.Release!.Manifest.SourceHash);
    }

    /// <summary>Its time says nothing then.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Release_is_of_no_tree_when_an_older_file_takes_the_place_of_a_source_while_it_is_built()
    {
        await Released();
        Write(body: 2, content: 1);
        var aside = Bed.Scratch.Write("aside/A.txt", "class A { int One() { return 3; } }");
        File.SetLastWriteTimeUtc(aside, new DateTime(2001, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        var built = await Build(null, learned: _ => File.Move(aside, Path.Combine(Bed.Scratch.Root, Source), overwrite: true));

        Assert.NotEqual(Stage.TreeHash(TestContext.Current.CancellationToken), built.Release!.Manifest.SourceHash);
    }

    /// <summary>As that of a new state directory, whose first build is the longest.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Release_is_of_no_tree_when_a_file_comes_while_it_is_built_and_nothing_was_known_before()
    {
        File.Delete(Path.Combine(Bed.Scratch.State.Root, "inputs.json"));
        Stage = new BuildStage(Bed.Settings("Debug"), Builder, Bed.Releases, TimeProvider.System);
        var aside = Bed.Scratch.Write("aside/C.cs", "class C { }");
        File.SetLastWriteTimeUtc(aside, new DateTime(2001, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        var built = await Build(null, learned: _ => File.Move(aside, Path.Combine(Bed.Scratch.Root, "src/C.cs")));
        Assert.NotEqual(Stage.TreeHash(TestContext.Current.CancellationToken), built.Release!.Manifest.SourceHash);
    }

    /// <summary>Of what is in it the file system says nothing.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Release_is_of_no_tree_when_a_directory_comes_while_it_is_built_and_nothing_was_known_before()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only there the system tells when a directory was moved.");
        Bed.Scratch.Write("aside/Feature/C.cs", "class C { }");
        await Released(); // in which it grows older
        File.Delete(Path.Combine(Bed.Scratch.State.Root, "inputs.json"));
        Stage = new BuildStage(Bed.Settings("Debug"), Builder, Bed.Releases, TimeProvider.System);

        var built = await Build(null, learned: _ => Directory.Move(Path.Combine(Bed.Scratch.Root, "aside/Feature"), Path.Combine(Bed.Scratch.Root, "src/Feature")));
        Assert.NotEqual(Stage.TreeHash(TestContext.Current.CancellationToken), built.Release!.Manifest.SourceHash);
    }

    /// <summary>Else a daemon that starts later takes what another SDK has built for what this one would.</summary>
    [Fact(Timeout = 120_000)]
    public async Task What_is_kept_is_of_no_use_when_another_SDK_was_asked_for_while_the_tree_was_built()
    {
        await Build(null, learned: _ => Bed.Scratch.Write("global.json", """{ "sdk": { "allowPrerelease": false } }"""));
        Assert.Null(KnownTree.Load(Bed.Settings("Debug")));

        await Build(null);
        Assert.NotNull(KnownTree.Load(Bed.Settings("Debug")));
    }

    [Fact(Timeout = 120_000)]
    public async Task Release_is_of_its_tree_when_a_project_joins_that_leaves_a_source_file_out()
    {
        Bed.Scratch.Write("lib/L.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup><Compile Remove="templates/**" /></ItemGroup></Project>""");
        Bed.Scratch.Write("lib/templates/T.cs", "no code");
        await Released(); // in which they grow older
        var project = Path.Combine(Bed.Scratch.Root, "src/S.csproj");
        await File.WriteAllTextAsync(project, (await File.ReadAllTextAsync(project, TestContext.Current.CancellationToken)).Replace("<ItemGroup>", """<ItemGroup><ProjectReference Include="../lib/L.csproj" />""", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var built = await Build(null);
        Assert.Equal(Stage.TreeHash(TestContext.Current.CancellationToken), built.Release!.Manifest.SourceHash);
    }
}
