using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using WatchReload.Control;
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
        Assert.True(File.Exists(first)); // should the last one not serve
        _scratch.Write("tool/Node.dll", "the longest");
        Assert.NotEqual(second, Program("main"));
        Assert.False(File.Exists(first));

        string Program(string node) => NodeFiles.Program(_scratch.State, assembly, node);
    }

    [Fact(Timeout = 60_000)]
    [UnsupportedOSPlatform("windows")]
    public async Task Runtime_is_one_version_with_what_its_host_looks_for_until_no_node_needs_it()
    {
        var host = _scratch.Write("dotnet/dotnet", "host");
        File.SetUnixFileMode(host, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (var file in (string[])["host/fxr/10.0.1/libhostfxr.so", "shared/Microsoft.NETCore.App/10.0.1/libcoreclr.so", "shared/Microsoft.NETCore.App/9.0.1/libcoreclr.so", "shared/Microsoft.NETCore.App/10.0.0/libcoreclr.so", "shared/Microsoft.NETCore.App/11.0.0/libcoreclr.so", "shared/Microsoft.AspNetCore.App/10.0.1/Kestrel.dll", "sdk/10.0.100/MSBuild.dll"])
            _scratch.Write("dotnet/" + file, file);
        Parts("Microsoft.NETCore.App", "10.0.1", "native", "libcoreclr.so");
        Parts("Microsoft.AspNetCore.App", "10.0.1", "runtime", "Kestrel.dll");
        var copies = new PrivateCopy(_scratch.State, "runtimes", "runtime");

        var command = NodeFiles.Runtime(copies, Path.GetDirectoryName(host)!, host, new Version(10, 0, 0), "main");

        var root = Path.GetDirectoryName(command)!;
        Assert.Equal(
            ["dotnet", "host/fxr/10.0.1/libhostfxr.so", "shared/Microsoft.AspNetCore.App/10.0.1/Kestrel.dll", "shared/Microsoft.AspNetCore.App/10.0.1/Microsoft.AspNetCore.App.deps.json", "shared/Microsoft.NETCore.App/10.0.1/Microsoft.NETCore.App.deps.json", "shared/Microsoft.NETCore.App/10.0.1/libcoreclr.so"],
            Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal));
        Assert.True(File.GetUnixFileMode(command).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal("host", await Text(command));

        // An update is under way: half of the next version is there.
        Parts("Microsoft.NETCore.App", "10.0.2", "native", "libcoreclr.so");
        Assert.Equal(command, NodeFiles.Runtime(copies, Path.GetDirectoryName(host)!, host, new Version(10, 0, 0), "main"));
        Assert.Equal(command, NodeFiles.Runtime(copies, Path.GetDirectoryName(host)!, host, new Version(10, 0, 0), "other")); // which was never started
        Assert.Contains("no whole .NET 11.0 runtime", Assert.Throws<IOException>(() => NodeFiles.Runtime(copies, Path.GetDirectoryName(host)!, host, new Version(11, 0, 0), "third")).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(command));

        // It is through; the one before stays, should this one not serve.
        _scratch.Write("dotnet/shared/Microsoft.NETCore.App/10.0.2/libcoreclr.so", "two");
        var next = NodeFiles.Runtime(copies, Path.GetDirectoryName(host)!, host, new Version(10, 0, 0), "main");
        Assert.NotEqual(command, next);
        Assert.True(File.Exists(command));

        copies.Forget("main");
        copies.Forget("other");
        Assert.False(Directory.Exists(root));
        Assert.False(File.Exists(next));

        void Parts(string framework, string version, string kind, string file) => _scratch.Write(
            $"dotnet/shared/{framework}/{version}/{framework}.deps.json", $$"""{ "targets": { "net": { "{{framework}}": { "{{kind}}": { "{{file}}": {} } } } } }""");
    }

    [Fact(Timeout = 60_000)]
    public async Task Node_that_lives_keeps_its_files_and_what_a_killed_process_left_aside_goes()
    {
        var assembly = _scratch.Write("tool/Node.dll", "one");
        var first = NodeFiles.Program(_scratch.State, assembly, "main");
        var aside = Directory.CreateDirectory(Path.Combine(_scratch.State.Root, "programs", "0123456789abcdef.01234567"));
        using (var node = Process.Start("sleep", "600"))
        {
            try
            {
                await File.WriteAllTextAsync(_scratch.State.NodeLock("main") + ".holder", string.Create(CultureInfo.InvariantCulture, $"{node.Id} {ProcessIdentity.Of(node.Id)!.StartTime}"), TestContext.Current.CancellationToken);
                _scratch.Write("tool/Node.dll", "longer");

                var second = NodeFiles.Program(_scratch.State, assembly, "main");

                Assert.NotEqual(first, second);
                Assert.Equal(("one", "longer"), (await Text(first), await Text(second)));
            }
            finally
            {
                node.Kill();
                await node.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }

        NodeFiles.Program(_scratch.State, assembly, "main");
        Assert.False(Directory.Exists(aside.FullName));
    }

    private static Task<string> Text(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
}
