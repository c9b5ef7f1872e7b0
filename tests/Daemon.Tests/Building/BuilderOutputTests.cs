using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using WatchReload.Daemon.Building;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Building;

/// <summary>What a builder prints, by processes that print it: whoever pushes decides what that is.</summary>
public sealed class BuilderOutputTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public BuilderOutputTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "A shell prints.");

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Ready_is_told_and_what_else_is_printed_is_in_the_log_and_the_last_words()
    {
        using var process = Print("echo before; echo ready; echo said >&2");
        var output = BuilderOutput.Follow(process, _scratch.State, "ready");

        Assert.True(await output.Ready);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output.DisposeAsync();

        Assert.Equal(["before", "said"], (await Log(output)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("ready", output.LastWords, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(output.LogPath));
    }

    [Fact(Timeout = 60_000)]
    public async Task Line_without_end_is_cut_and_the_rest_of_it_costs_nothing()
    {
        using var process = Print("head -c 50000000 /dev/zero | tr '\\0' x; echo; echo after");
        var output = BuilderOutput.Follow(process, _scratch.State, "ready");

        Assert.False(await output.Ready); // all is read
        await output.DisposeAsync();

        var log = await Log(output);
        Assert.Equal("after", log[^1]);
        Assert.Equal(2, log.Length);
        Assert.Matches("^x+ \\[cut after 16384 characters\\]$", log[0]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Log_ends_where_it_is_large_enough_and_the_builder_is_still_heard()
    {
        using var process = Print("yes $(head -c 8000 /dev/zero | tr '\\0' x) 2> /dev/null | head -c 80000000; echo; echo last words; echo ready");
        var output = BuilderOutput.Follow(process, _scratch.State, "ready");

        Assert.True(await output.Ready);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output.DisposeAsync();

        Assert.InRange(new FileInfo(output.LogPath).Length, BuilderOutput.LargestLog - 10_000, BuilderOutput.LargestLog + 1000);
        Assert.Equal("The log has 64 MB; what the builder printed from here on was not kept.", (await Log(output))[^1]);
        Assert.EndsWith("last words", output.LastWords, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task First_lines_of_a_long_death_notice_are_among_the_last_words()
    {
        using var process = Print("echo ready; seq -f 'before %g' 1 50; echo 'Stack overflow.'; echo '   at Bad.Generator.Deep(Int32)'; seq -f '   at Frame%g()' 1 100");
        var output = BuilderOutput.Follow(process, _scratch.State, "ready");

        Assert.True(await output.Ready);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output.DisposeAsync();

        var words = output.LastWords.Split('\n');
        Assert.Equal(["Stack overflow.", "   at Bad.Generator.Deep(Int32)"], words[..2]);
        Assert.Equal("   at Frame100()", words[^1]);
        Assert.Contains("...", words);
        Assert.Equal(words.Length, words.Distinct().Count());
    }

    [Fact(Timeout = 60_000)]
    public async Task Last_words_of_one_that_said_nothing_of_its_end_are_few()
    {
        using var process = Print("seq -f 'line %g' 1 50");
        var output = BuilderOutput.Follow(process, _scratch.State, "ready");

        Assert.False(await output.Ready);
        await output.DisposeAsync();

        Assert.Equal("line 48\nline 49\nline 50", output.LastWords);
        Assert.StartsWith("line 39\n", output.LastLines, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Lines_after_a_short_death_notice_are_told_once()
    {
        using var process = Print("echo ready; echo before; echo 'Unhandled exception. System.Exception: no'; echo '   at Bad.Deep()'; echo '   at Bad.Main()'");
        var output = BuilderOutput.Follow(process, _scratch.State, "ready");

        Assert.True(await output.Ready);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output.DisposeAsync();

        Assert.Equal("Unhandled exception. System.Exception: no\n   at Bad.Deep()\n   at Bad.Main()", output.LastWords);
    }

    [Fact(Timeout = 60_000)]
    public async Task Pipes_that_a_process_left_behind_holds_open_are_closed_here()
    {
        using var process = Print("sleep 600 & echo $!; echo ready");
        var output = BuilderOutput.Follow(process, _scratch.State, "ready");
        Assert.True(await output.Ready);
        using var left = Process.GetProcessById(int.Parse(output.LastWords, CultureInfo.InvariantCulture));
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            await output.DisposeAsync();

            Assert.False(left.HasExited);
            Assert.All([process.StandardOutput, process.StandardError], pipe => Assert.False(((PipeStream)pipe.BaseStream).IsConnected));
            await output.Ended; // without a fault
        }
        finally
        {
            left.Kill();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Builder_is_heard_and_let_go_when_its_log_cannot_be_written()
    {
        using var disk = SmallDisk.Mount(_scratch.State);
        Assert.SkipWhen(disk is null, SmallDisk.None);
        disk.Fill();
        using var process = Print("echo before; echo ready; echo last words");
        var output = BuilderOutput.Follow(process, _scratch.State, "ready");

        Assert.True(await output.Ready);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output.Ended;
        await output.DisposeAsync();
        await output.DisposeAsync();

        Assert.EndsWith("last words", output.LastWords, StringComparison.Ordinal);
    }

    private static Process Print(string script) => Process.Start(new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static Task<string[]> Log(BuilderOutput output) => File.ReadAllLinesAsync(output.LogPath, TestContext.Current.CancellationToken);
}
