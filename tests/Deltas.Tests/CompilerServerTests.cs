using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Builder.Sdk;

namespace WatchReload.Deltas.Tests;

/// <summary>The SDK's compiler server, in a process that has more to do than to serve it.</summary>
public sealed class CompilerServerTests
{
    [Theory]
    [InlineData("GCTimeout")]
    [InlineData("DefaultServerKeepAlive")]
    public void It_neither_collects_by_the_clock_nor_ends_by_it(string wait)
    {
        var sdk = ((SdkResolution.Found)SdkResolver.Resolve(AppContext.BaseDirectory)).Sdk;
        using var server = new CompilerServer(sdk, NullLogger.Instance);

        Assert.True(server.EnsureRunning());

        var dispatcher = SdkRoslyn.LoadServer(sdk).GetType("Microsoft.CodeAnalysis.CompilerServer.ServerDispatcher", throwOnError: true)!;
        Assert.Equal(Timeout.InfiniteTimeSpan, dispatcher.GetField(wait, BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null));
    }
}
