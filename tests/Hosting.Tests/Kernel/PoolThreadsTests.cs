using System.Reflection;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class PoolThreadsTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(null, "-1", null)]
    [InlineData("-1", null, null)]
    [InlineData("0xFFFFFFFF", "20000", null)]
    [InlineData("037777777777", null, null)]
    [InlineData("", "-1", null)]
    [InlineData("never", "-1", null)]
    [InlineData("0XFFFFFFFF", "-1", null)]
    [InlineData("0XFFFFFFFF", null, "runtimeconfig.json does not have")]
    [InlineData("20000", "-1", "DOTNET_ThreadPool_ThreadTimeoutMs=20000: take it out")]
    [InlineData("0x4E20", "-1", "DOTNET_ThreadPool_ThreadTimeoutMs=0x4E20: take it out")]
    [InlineData(null, "20000", "runtimeconfig.json does not have")]
    [InlineData(null, "0XFFFFFFFF", "runtimeconfig.json does not have")]
    [InlineData(null, null, "runtimeconfig.json does not have")]
    public async Task What_makes_them_end_is_told(string? variable, object? setting, string? told)
    {
        await Task.CompletedTask;
        if (told is null) Assert.Null(PoolThreads.EndsBy(variable, setting));
        else Assert.Contains(told, PoolThreads.EndsBy(variable, setting));
    }

    /// <summary>What the runtime goes by, and not what it is told: the setting's name is its own affair.</summary>
    [Fact(Timeout = 60_000)]
    public async Task They_do_not_end_in_a_process_that_has_the_package()
    {
        await Task.CompletedTask;
        Assert.Null(PoolThreads.EndBy); // it names a variable of the environment that says otherwise
        var timeout = typeof(object).Assembly.GetType("System.Threading.PortableThreadPool", throwOnError: true)!
            .GetField("ThreadPoolThreadTimeoutMs", BindingFlags.Static | BindingFlags.NonPublic);
        Assert.Equal(-1, Assert.IsType<int>(timeout?.GetValue(null)));
    }
}
