using WatchReload.Builder.Sdk;
using WatchReload.Builder.Tests.Support;

namespace WatchReload.Builder.Tests.Sdk;

public sealed class GlobalJsonTests : IDisposable
{
    private readonly Tree _tree = new();

    [Fact(Timeout = 60_000)]
    public async Task Finds_the_nearest_one_upwards()
    {
        await Task.CompletedTask;
        _tree.Write("global.json", """{ "sdk": { "version": "8.0.100" } }""")
            .Write("a/global.json", """{ /* why */ "sdk": { "version": "10.0.100", "rollForward": "latestFeature" }, }""")
            .Write("a/b/App.csproj", "");
        Assert.Equal(new GlobalJson(_tree["a/global.json"], "10.0.100", "latestFeature", null), GlobalJson.Find(_tree["a/b"]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Asks_for_no_version_when_it_has_no_sdk()
    {
        await Task.CompletedTask;
        _tree.Write("global.json", """{ "msbuild-sdks": {} }""");
        Assert.Null(GlobalJson.Find(_tree.Root)?.Version);
    }

    [Fact(Timeout = 60_000)]
    public async Task Says_what_is_wrong_when_it_cannot_be_read()
    {
        await Task.CompletedTask;
        _tree.Write("global.json", "{ sdk }");
        Assert.NotNull(GlobalJson.Find(_tree.Root)?.Problem);
    }

    public void Dispose() => _tree.Dispose();
}
