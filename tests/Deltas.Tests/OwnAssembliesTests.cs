using WatchReload.Builder.Replay;

namespace WatchReload.Deltas.Tests;

/// <summary>Generators that are loaded from where they are built to, while they are built again.</summary>
public sealed class OwnAssembliesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact(Timeout = 60_000)]
    public async Task What_it_needs_later_is_of_its_own_build()
    {
        await Task.Yield();
        var part = Part("one");
        Write(part);
        Write(CompiledAssembly.From("Gen", "public static class Words { public static string Text() => Kept() + Parts.Text(); private static string Kept() => \"kept \"; }", part));
        Write(Part("none", "Other"));
        var assemblies = OwnAssemblies.In(_directory);
        var other = OwnAssemblies.In(_directory);
        var words = assemblies.LoadFromPath(Path.Combine(_directory, "Gen.dll")).GetType("Words")!;

        Write(Part("two"));
        File.Delete(Path.Combine(_directory, "Other.dll"));
        Assert.Equal("kept one", words.GetMethod("Text")!.Invoke(null, null));
        Assert.Equal("Other", assemblies.LoadFromPath(Path.Combine(_directory, "Other.dll")).GetName().Name);
        Assert.Equal(assemblies.Hash, other.Hash);
        Assert.NotEqual(assemblies.Hash, OwnAssemblies.In(_directory).Hash);
    }

    private static CompiledAssembly Part(string text, string name = "Part") => CompiledAssembly.From(name, $"public static class Parts {{ public static string Text() => \"{text}\"; }}");

    private void Write(CompiledAssembly assembly) => File.WriteAllBytes(Path.Combine(_directory, assembly.Name + ".dll"), assembly.Image);
}
