using System.Diagnostics;
using System.Runtime.CompilerServices;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Tests.Cli;

namespace WatchReload.Daemon.Tests.Deploy;

public sealed class UnitFileTests
{
    private const string Command = "/usr/local/bin/watchreload";
    private static readonly string _units = Path.Combine(Top(), "deploy", "systemd");

    [Fact(Timeout = 60_000)]
    public async Task Every_command_of_the_units_is_one_that_watchreload_takes()
    {
        using var stop = new StopSignal(TimeProvider.System);
        var root = CommandLine.Root(CommandRun.Context(_units, TextWriter.Null, TextWriter.Null), stop);

        var commands = Directory.EnumerateFiles(_units, "*.service").SelectMany(File.ReadAllLines).Where(l => l.StartsWith("Exec", StringComparison.Ordinal)).Select(l => l.Split('=', 2)[1]).ToArray();

        Assert.Equal(3, commands.Length);
        Assert.All(commands, command => Assert.StartsWith(Command + " ", command));
        Assert.All(commands, command => Assert.Empty(root.Parse(command[Command.Length..].Replace("%i", "main", StringComparison.Ordinal).Trim()).Errors));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public void Stop_of_a_unit_is_told_to_its_main_process_alone() =>
        Assert.All(Directory.EnumerateFiles(_units, "*.service").Select(File.ReadAllLines), lines => Assert.Contains("KillMode=mixed", lines));

    [Fact(Timeout = 60_000)]
    public async Task Systemd_has_nothing_to_say_against_the_units()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed here.");
        using var scratch = new Scratch();
        foreach (var unit in Directory.EnumerateFiles(_units))
            scratch.Write(Path.GetFileName(unit).Replace("@", "@main", StringComparison.Ordinal), (await File.ReadAllTextAsync(unit, TestContext.Current.CancellationToken)).Replace(Command, "/bin/true", StringComparison.Ordinal));

        using var verify = Process.Start(new ProcessStartInfo("/usr/bin/systemd-analyze", ["verify", "--man=no", .. Directory.EnumerateFiles(scratch.Root)]) { RedirectStandardError = true })!;
        var said = await verify.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await verify.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain("watchreload-", said);
    }

    private static string Top([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
