using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;

namespace WatchReload.Deltas.Tests;

/// <summary>Code that is under way or held when its body is replaced, by a first delta and by later ones.</summary>
public sealed class HeldCodeTests
{
    [Fact(Timeout = 60_000)]
    public async Task Delegates_and_suspended_calls_of_every_delta_end_in_the_code_that_they_began_in()
    {
        Assert.True(MetadataUpdater.IsSupported, "The tests' process was not started with DOTNET_MODIFIABLE_ASSEMBLIES=debug (deltas.runsettings).");
        var compiled = CompiledAssembly.From("Held", Source(0));
        var difference = new Difference(compiled);
        var assembly = Load(compiled);
        var turn = new TaskCompletionSource();
        var held = new List<Func<string>> { Call<Func<string>>("Make") };
        var waiting = new List<Task<string>> { Call<Task<string>>("Wait", turn.Task) };
        for (var number = 1; number < 5; number++)
        {
            var delta = difference.To(Source(number)).Delta!;
            MetadataUpdater.ApplyUpdate(assembly, delta.Metadata, delta.IL, delta.Symbols);
            held.Add(Call<Func<string>>("Make"));
            waiting.Add(Call<Task<string>>("Wait", turn.Task));
        }

        turn.SetResult();

        Assert.Equal(["0 lambda", "1 lambda", "2 lambda", "3 lambda", "4 lambda"], held.Select(one => one()));
        Assert.Equal(["0 local 0 static", "1 local 1 static", "2 local 2 static", "3 local 3 static", "4 local 4 static"], await Task.WhenAll(waiting));

        T Call<T>(string method, params object[] arguments) => (T)assembly.GetType("Edited")!.GetMethod(method)!.Invoke(null, arguments)!;
    }

    private static string Source(int number) => $$"""
        public static class Edited
        {
            public static Func<string> Make() { var number = {{number}}; return () => number + " lambda"; }
            public static async Task<string> Wait(Task until)
            {
                var number = {{number}};
                await until;
                return Local() + " " + Static();
                string Local() => number + " local";
                static string Static() => "{{number}} static";
            }
        }
        """;

    private static Assembly Load(CompiledAssembly compiled)
    {
        using var image = new MemoryStream(compiled.Image);
        using var symbols = new MemoryStream(compiled.Symbols);
        return new AssemblyLoadContext("held", isCollectible: false).LoadFromStream(image, symbols);
    }
}
