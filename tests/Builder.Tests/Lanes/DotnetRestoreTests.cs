using WatchReload.Builder.Lanes;

namespace WatchReload.Builder.Tests.Lanes;

public sealed class DotnetRestoreTests
{
    [Fact(Timeout = 60_000)]
    public async Task Keeps_one_property_one_when_its_value_has_separators()
    {
        await Task.CompletedTask;
        Assert.Equal("A%3BB%2CC 100%25", DotnetRestore.Escape("A;B,C 100%"));
    }
}
