using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;

namespace WatchReload.Bench.Tests.Peers;

public sealed class RoslynEmitTests : IDisposable
{
    private const string Json = """
        using System.Text.Json.Serialization;
        public sealed record Point(int X);
        [JsonSerializable(typeof(Point))]
        public partial class PointJson : JsonSerializerContext;
        """;

    private readonly Workplace _workplace = new();

    [Fact(Timeout = 180_000)]
    public async Task A_changed_and_an_added_file_are_emitted_with_what_generators_make_and_a_broken_one_gives_no_figure()
    {
        var project = Write("Small.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        var source = Write("Point.cs", Json);
        await using var emit = await RoslynEmit.Start(_workplace, project);

        Assert.True(await emit.Emit([Write("Point.cs", Json.Replace("int X", "long X", StringComparison.Ordinal))]) > 0);
        // It compiles only with the generator's half of the class.
        Assert.True(await emit.Emit([Write("Use.cs", "public static class Use { public static object Of() => PointJson.Default.Point; }")]) > 0);
        Write("Point.cs", "public sealed record Point(Missing X);");
        var broken = await Assert.ThrowsAsync<BenchException>(() => emit.Emit([source]));
        Assert.Contains("Missing", broken.Message, StringComparison.Ordinal);
        Write("Point.cs", Json);
        Assert.True(await emit.Emit([source]) > 0);
    }

    public void Dispose() => _workplace.Dispose();

    private string Write(string name, string text)
    {
        var path = Path.Combine(Directory.CreateDirectory(_workplace.Beside("small")).FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
