
namespace WatchReload.Daemon.Tests;

public sealed class SystemToolTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData(":HERE", "an empty entry is where the process stands")]
    [InlineData(".:HERE", "so is a dot")]
    [InlineData("bin:HERE", "and a relative one is below")]
    [InlineData("HERE:/usr/bin", "the first absolute one counts")]
    public async Task Program_is_looked_for_in_absolute_directories_of_the_path_alone(string path, string why)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes.");
        await Task.Yield();
        var tool = Tool("it");

        Assert.True(tool == SystemTool.Find("it", path.Replace("HERE", _scratch.Root, StringComparison.Ordinal)), why);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData(":.:bin:..")]
    [InlineData("/nowhere")]
    public async Task Nothing_is_found_where_no_absolute_directory_has_it(string path)
    {
        await Task.Yield();
        Assert.Null(SystemTool.Find("setsid", path));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_no_program_is_passed_over()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes.");
        await Task.Yield();
        _scratch.Write("first/it", "no program");
        var tool = Tool("second/it");

        Assert.Equal(tool, SystemTool.Find("it", $"{_scratch.Root}/first:{_scratch.Root}/second"));
    }

    private string Tool(string name)
    {
        var path = _scratch.Write(name, "#!/bin/sh");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }
}
