using WatchReload.Builder.Outputs;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Outputs;

public sealed class RuntimeAssetsTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("linux-x64", "linux-x64 linux unix-x64 unix any")]
    [InlineData("linux-musl-arm64", "linux-musl-arm64 linux-musl linux-arm64 linux unix-arm64 unix any")]
    [InlineData("osx-arm64", "osx-arm64 osx unix-arm64 unix any")]
    [InlineData("win-x64", "win-x64 win any")]
    public async Task Falls_back_from_the_machine_to_any(string machine, string expected)
    {
        await Task.CompletedTask;
        Assert.Equal(expected, string.Join(' ', RuntimeAssets.Fallbacks(machine)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Puts_the_best_fitting_asset_where_the_portable_one_would_lie()
    {
        await Task.CompletedTask;
        BuildOutput[] files =
        [
            Package("Db.dll"), Package("runtimes/unix/lib/net8.0/Db.dll"), Package("runtimes/win/lib/net8.0/Db.dll"),
            Package("runtimes/linux-x64/native/libdb.so"), Package("runtimes/linux/native/libdb.so"), Package("runtimes/osx-x64/native/libdb.dylib"),
            Package("runtimes/unix/lib/net8.0/de/Db.resources.dll"), Package("Other.dll"),
        ];
        var chosen = RuntimeAssets.Choose(files, RuntimeAssets.Fallbacks("linux-x64")).OrderBy(file => file.Path, StringComparer.Ordinal);
        Assert.Equal(
            [
                ("Db.dll", "/p/runtimes/unix/lib/net8.0/Db.dll"), ("Other.dll", "/p/Other.dll"),
                ("de/Db.resources.dll", "/p/runtimes/unix/lib/net8.0/de/Db.resources.dll"), ("libdb.so", "/p/runtimes/linux-x64/native/libdb.so"),
            ],
            chosen.Select(file => (file.Path, file.Source)));
    }

    private static BuildOutput Package(string path) => new("/p/" + path, path, ReleaseFileKind.Package, "Db");
}
