using System.Diagnostics;
using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests.Releases;

public sealed class StagingFailureTests
{
    [Fact(Timeout = 60_000)]
    public async Task Failure_names_the_file_when_an_output_is_gone()
    {
        using var shop = new Workshop();
        var build = shop.Build with { Outputs = [.. shop.Build.Outputs, new(shop.Source("Gone.dll"), "Gone.dll", ReleaseFileKind.Hot)] };
        var (cause, remedy) = await shop.FailToStage(build);
        Assert.Contains(shop.Source("Gone.dll"), cause, StringComparison.Ordinal);
        Assert.Equal("Build again. If it happens again, something else cleans the build's output.", remedy);
        await shop.Stage(); // and the next one works
    }

    [Theory(Timeout = 60_000)]
    [InlineData("../escape.dll")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("a\\..\\b")]
    [InlineData("release.json")]
    [InlineData("")]
    [InlineData("line\nbreak")]
    public async Task Path_is_refused_when_it_would_leave_the_release_or_is_the_manifests(string path)
    {
        using var shop = new Workshop();
        var build = shop.Build with { Outputs = [.. shop.Build.Outputs, new(shop.Source("appsettings.json"), path, ReleaseFileKind.Content)] };
        var result = await shop.Store.Stage(build, Workshop.Info, Workshop.Cancellation);
        Assert.Equal($"\"{path}\" cannot be a path in a release (from {shop.Source("appsettings.json")}).", result.Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task Both_sources_are_named_when_two_outputs_go_to_one_path()
    {
        using var shop = new Workshop();
        var other = shop.Write("other.json", "{}");
        var result = await shop.Store.Stage(shop.Build with { Outputs = [.. shop.Build.Outputs, new(other, "config/appsettings.json", ReleaseFileKind.Content)] }, Workshop.Info, Workshop.Cancellation);
        Assert.Equal($"Two outputs go to config/appsettings.json: {shop.Source("appsettings.json")} and {other}.", result.Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task Failure_says_so_when_the_entry_assembly_is_not_among_the_outputs()
    {
        using var shop = new Workshop();
        var result = await shop.Store.Stage(shop.Build with { EntryAssembly = "Other" }, Workshop.Info, Workshop.Cancellation);
        Assert.Equal("The build's output lacks Other.dll, the service's own assembly.", result.Cause);
        result = await shop.Store.Stage(shop.Build with { EntryAssembly = null }, Workshop.Info, Workshop.Cancellation);
        Assert.Equal("The build names no entry assembly.", result.Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task Change_is_seen_when_a_source_is_written_to_after_it_was_copied()
    {
        await Task.Yield();
        using var shop = new Workshop();
        var target = Directory.CreateDirectory(Path.Combine(shop.Output, "copies")).FullName;
        foreach (var age in new[] { TimeSpan.Zero, TimeSpan.FromHours(1) })
        {
            var output = new BuildOutput(shop.Write("data", "one"), $"data-{age.TotalHours}", ReleaseFileKind.Content);
            var written = TimeProvider.System.GetUtcNow().UtcDateTime - age;
            File.SetLastWriteTimeUtc(output.Source, written);
            var copies = FileCopies.Make([output], target, OutputAccess.Any, Workshop.Cancellation);
            Assert.Null(FileCopies.FindChanged(copies, TimeProvider.System, OutputAccess.Any, Workshop.Cancellation));
            shop.Write("data", "two"); // as long as before
            if (age == TimeSpan.Zero)
                File.SetLastWriteTimeUtc(output.Source, written); // within one tick: only the content tells
            Assert.Equal(output.Source, FileCopies.FindChanged(copies, TimeProvider.System, OutputAccess.Any, Workshop.Cancellation));
            File.Delete(output.Source);
            Assert.Equal(output.Source, FileCopies.FindChanged(copies, TimeProvider.System, OutputAccess.Any, Workshop.Cancellation));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Failure_says_what_is_needed_when_too_little_space_is_free()
    {
        using var shop = new Workshop();
        var (cause, remedy) = await shop.FailToStage(shop.Build, Workshop.Info with { MinimumFreeSpace = 1L << 60 });
        Assert.StartsWith($"The disk that holds {shop.State.Root} has ", cause, StringComparison.Ordinal);
        Assert.StartsWith("Free space there; ", remedy, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_half_stays_when_the_disk_is_full()
    {
        using var shop = new Workshop();
        Directory.CreateDirectory(shop.State.Root);
        if (!OperatingSystem.IsLinux() || !await Ran("mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", shop.State.Root))
            Assert.Skip("A small file system can be mounted by root on Linux only.");
        try
        {
            var first = await shop.Stage();
            var large = shop.Source("large");
            await File.WriteAllBytesAsync(large, new byte[8 << 20], Workshop.Cancellation);
            var (cause, remedy) = await shop.FailToStage(shop.Build with { Outputs = [.. shop.Build.Outputs, new(large, "large", ReleaseFileKind.Content)] });
            Assert.StartsWith("The disk is full: ", cause, StringComparison.Ordinal);
            Assert.Contains(shop.State.Root, remedy, StringComparison.Ordinal);
            Assert.Equal(first.Id, Assert.Single(shop.Store.List()).Id);
            Assert.Equal("r000002", (await shop.StageNew()).Id);
        }
        finally
        {
            Assert.True(await Ran("umount", shop.State.Root));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task State_directory_is_refused_when_others_can_write_to_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes.");
        using var shop = new Workshop();
        Directory.CreateDirectory(shop.State.Root);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(shop.State.Root, (UnixFileMode)0b111_111_111);
        var result = await shop.Store.Stage(shop.Build, Workshop.Info, Workshop.Cancellation);
        Assert.Contains("is open to other users", result.Cause, StringComparison.Ordinal);
        Assert.Contains("chmod go-w", result.Remedy, StringComparison.Ordinal);
    }

    private static async Task<bool> Ran(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync(Workshop.Cancellation);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no such command
        }
    }
}
