using System.Reflection;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class PoolThreadsTests
{
    [Theory]
    [InlineData(null, "-1", null)]
    [InlineData("-1", null, null)]
    [InlineData("0xFFFFFFFF", "20000", null)]
    [InlineData("20000", "-1", "DOTNET_ThreadPool_ThreadTimeoutMs=20000: take it out")]
    [InlineData("0x4E20", "-1", "DOTNET_ThreadPool_ThreadTimeoutMs=0x4E20: take it out")]
    [InlineData(null, "20000", "runtimeconfig.json does not have")]
    [InlineData(null, null, "runtimeconfig.json does not have")]
    public void What_makes_them_end_is_told(string? variable, object? setting, string? told)
    {
        if (told is null) Assert.Null(PoolThreads.EndsBy(variable, setting));
        else Assert.Contains(told, PoolThreads.EndsBy(variable, setting));
    }

    /// <summary>What the runtime goes by, and not what it is told: the setting's name is its own affair.</summary>
    [Fact]
    public void They_do_not_end_in_a_process_that_has_the_package()
    {
        Assert.Null(PoolThreads.EndBy);
        var timeout = typeof(object).Assembly.GetType("System.Threading.PortableThreadPool", throwOnError: true)!
            .GetField("ThreadPoolThreadTimeoutMs", BindingFlags.Static | BindingFlags.NonPublic);
        Assert.Equal(-1, Assert.IsType<int>(timeout?.GetValue(null)));
    }
}
