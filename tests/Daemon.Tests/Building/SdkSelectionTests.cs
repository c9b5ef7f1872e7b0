using WatchReload.Daemon.Building;
using WatchReload.Daemon.Tests.Git;

namespace WatchReload.Daemon.Tests.Building;

public sealed class SdkSelectionTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Scratch _scratch = new();

    private string GlobalJson => Path.Combine(_scratch.Root, "global.json");

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Selection_changes_with_the_content_of_global_json_also_by_a_link()
    {
        _scratch.Write("other.json", """{ "sdk": { "version": "10.0.100" } }""");
        var none = await Select();
        File.Copy(Path.Combine(_scratch.Root, "other.json"), GlobalJson);
        var file = await Select();
        File.Delete(GlobalJson);
        File.CreateSymbolicLink(GlobalJson, "other.json");

        Assert.Equal(file, await Select());
        Assert.NotEqual(none, file);
        _scratch.Write("other.json", """{ "sdk": { "version": "10.0.101" } }""");
        Assert.NotEqual(file, await Select());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("ln -s /dev/zero global.json")]
    [InlineData("mkfifo global.json")]
    [InlineData("ln -s pipe global.json; mkfifo pipe")]
    [InlineData("truncate --size 1T global.json")]
    public async Task What_cannot_be_a_global_json_is_neither_waited_for_nor_read_to_its_end(string make)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Devices and pipes.");
        Assert.Equal(0, (await Shell.Run(_scratch.Root, "sh", "-c", make)).ExitCode);

        Assert.Equal(await Select(), await Select());
    }

    private Task<string> Select() => Task.Run(() => SdkSelection.For(_scratch.Root)).WaitAsync(_patience, TestContext.Current.CancellationToken);
}
