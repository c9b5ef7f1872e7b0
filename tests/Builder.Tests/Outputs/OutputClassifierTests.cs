using WatchReload.Builder.Outputs;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Outputs;

public sealed class OutputClassifierTests
{
    [Fact(Timeout = 60_000)]
    public async Task Sorts_each_item_into_its_kind()
    {
        await Task.CompletedTask;
        Assert.Equal(
            [
                ("App.dll", ReleaseFileKind.Hot), ("App.pdb", ReleaseFileKind.Symbols), ("Loose.dll", ReleaseFileKind.Package), ("Loose.pdb", ReleaseFileKind.Content),
                ("Serilog.dll", ReleaseFileKind.Package), ("de/App.resources.dll", ReleaseFileKind.Hot), ("site/index.html", ReleaseFileKind.Content),
            ],
            Kinds(
                Hot("App.dll"), Item("App.pdb"), Item("de/App.resources.dll"), Item("site/index.html"), Item("Loose.dll"), Item("Loose.pdb"),
                new PublishItem("/p/Serilog.dll", "Serilog.dll", "Serilog", IsHot: false)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Leaves_out_what_the_node_has_or_does_not_read()
    {
        await Task.CompletedTask;
        Assert.Equal(
            [("App.dll", ReleaseFileKind.Hot)],
            Kinds(
                Hot("App.dll"), Item("App.xml"), Item("App.deps.json"), Item("App.runtimeconfig.json"), Hot("WatchReload.Actors.dll"), Item("WatchReload.Actors.pdb"),
                new PublishItem("/p/Shared.dll", "Shared.dll", "Shared", IsHot: false)));
    }

    private static PublishItem Hot(string path) => new("/p/" + path, path, null, IsHot: true);

    private static PublishItem Item(string path) => new("/p/" + path, path, null, IsHot: false);

    private static IEnumerable<(string, ReleaseFileKind)> Kinds(params PublishItem[] items) =>
        OutputClassifier.Classify(items, item => item.Path == "Shared.dll").Select(output => (output.Path, output.Kind));
}
