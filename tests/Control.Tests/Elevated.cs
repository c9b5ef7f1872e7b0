using System.Diagnostics;

namespace WatchReload.Control.Tests;

/// <summary>What only root can set up: things of another user.</summary>
internal static class Elevated
{
    public const int Nobody = 65534;

    public static void SkipUnlessRoot() => Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can give a file to another user.");

    public static Task GiveAway(string path) => Run("chown", "-h", $"{Nobody}:{Nobody}", path);

    public static async Task<string> Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }
}
