using System.Runtime.Versioning;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Tests.Supervision;

public sealed class NodeFilesTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Program_stays_as_it_was_when_the_tool_is_updated_and_goes_when_no_node_needs_it()
    {
        var assembly = _scratch.Write("tool/Node.dll", "one");
        _scratch.Write("tool/runtimes/linux/native.so", "native");

        var first = Program("main");
        Assert.Equal(first, Program("main"));
        _scratch.Write("tool/Node.dll", "longer");
        var second = Program("other");

        Assert.Equal(("one", "longer"), (await Text(first), await Text(second)));
        Assert.Equal("native", await Text(Path.Combine(Path.GetDirectoryName(first)!, "runtimes/linux/native.so")));

        Assert.Equal(second, Program("main"));
        Assert.False(File.Exists(first));

        string Program(string node) => NodeFiles.Program(_scratch.State, assembly, node);
    }

    [Fact(Timeout = 60_000)]
    [UnsupportedOSPlatform("windows")]
    public async Task Runtime_is_one_version_with_what_its_host_looks_for_until_no_node_needs_it()
    {
        var host = _scratch.Write("dotnet/dotnet", "host");
        File.SetUnixFileMode(host, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (var file in (string[])["host/fxr/10.0.1/libhostfxr.so", "shared/Microsoft.NETCore.App/10.0.1/libcoreclr.so", "shared/Microsoft.NETCore.App/9.0.1/libcoreclr.so", "shared/Microsoft.AspNetCore.App/10.0.1/Kestrel.dll", "sdk/10.0.100/MSBuild.dll"])
            _scratch.Write("dotnet/" + file, file);
        var copies = new PrivateCopy(_scratch.State, "runtimes", "runtime");

        var command = NodeFiles.Runtime(copies, Path.GetDirectoryName(host)!, host, "10.0.1", "main");

        var root = Path.GetDirectoryName(command)!;
        Assert.Equal(
            ["dotnet", "host/fxr/10.0.1/libhostfxr.so", "shared/Microsoft.AspNetCore.App/10.0.1/Kestrel.dll", "shared/Microsoft.NETCore.App/10.0.1/libcoreclr.so"],
            Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal));
        Assert.True(File.GetUnixFileMode(command).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal("host", await Text(command));

        copies.Forget("main");
        Assert.False(Directory.Exists(root));
    }

    private static Task<string> Text(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
}
