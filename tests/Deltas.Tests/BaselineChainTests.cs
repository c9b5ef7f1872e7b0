using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.Emit;

namespace WatchReload.Deltas.Tests;

public sealed class BaselineChainTests
{
    private readonly Difference _difference = new(CompiledAssembly.From("Edited", Source(0)));

    /// <summary>Else a builder grows with each edit by what a compilation takes.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Compilation_of_a_delta_that_others_were_made_upon_is_not_kept_in_memory()
    {
        var first = Edited(1);
        for (var i = 2; i < 6; i++) Edited(i);

        while (first.IsAlive)
        {
            GC.Collect();
            await Task.Yield();
        }

        Edited(6);
        GC.KeepAlive(_difference);
    }

    /// <summary>As one of which more is cut than the compiler can do without.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Delta_is_a_doubt_when_the_compiler_misses_something_of_the_one_before()
    {
        await Task.CompletedTask;
        Edited(1);
        typeof(EmitBaseline).GetField("Compilation", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(_difference.Baseline, null);

        Assert.Contains("cannot go on", _difference.To(Source(2)).Doubt, StringComparison.Ordinal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Edited(int number)
    {
        Assert.NotNull(_difference.To(Source(number)).Delta);
        return new WeakReference(_difference.Compilation);
    }

    private static string Source(int number) => $"public static class Edited {{ public static int Number() {{ return {number}; }} }}";
}
