using System.Runtime;
using System.Runtime.CompilerServices;

namespace WatchReload.Control.Tests.Ahead;

public sealed class CompileAheadTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_method_is_compiled_before_anybody_calls_it()
    {
        await using var ahead = CompileAhead.Begin(typeof(Cold).Assembly);
        Assert.NotEqual(0, await ahead.Methods);

        Assert.Equal(0, Compiled(Cold.Nested.Called));
        Assert.NotEqual(0, Compiled(Cold.Generic<int>)); // what is left out tells that the count counts
    }

    [Fact(Timeout = 60_000)]
    public async Task It_ends_when_it_is_disposed_of()
    {
        var library = typeof(object).Assembly;
        var ahead = CompileAhead.Begin(library);
        await ahead.DisposeAsync();

        Assert.True(await ahead.Methods < library.GetTypes().Sum(type => type.GetMethods().Length) / 10);
    }

    /// <summary>How many methods this thread compiles for the call.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Compiled(Action call)
    {
        var before = JitInfo.GetCompiledMethodCount(currentThread: true);
        call();
        return JitInfo.GetCompiledMethodCount(currentThread: true) - before;
    }

    private static class Cold
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Generic<T>()
        {
        }

        public static class Nested
        {
            [MethodImpl(MethodImplOptions.NoInlining)]
            public static void Called()
            {
            }
        }
    }
}
