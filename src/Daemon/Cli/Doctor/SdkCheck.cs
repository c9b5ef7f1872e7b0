using System.ComponentModel;
using System.Diagnostics;
using WatchReload.Daemon.Building;

namespace WatchReload.Daemon.Cli.Doctor;

/// <summary>Whether there is an SDK for the checkout; its global.json has a say.</summary>
internal static class SdkCheck
{
    private const string Check = "sdk";
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);

    public static async Task<Finding> Run(string root, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            using var dotnet = Process.Start(new ProcessStartInfo(DotnetHost.Command, ["--version"]) { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            using var deadline = new CancellationTokenSource(_deadline, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
            try
            {
                var (output, error) = (dotnet.StandardOutput.ReadToEndAsync(either.Token), dotnet.StandardError.ReadToEndAsync(either.Token)); // that says in twenty lines what is told in one below
                await dotnet.WaitForExitAsync(either.Token);
                await error;
                return dotnet.ExitCode == 0 ? Finding.Ok(Check, $"SDK {(await output).Trim()} builds here; the node runs on .NET {Environment.Version}.") : Missing(root);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                dotnet.Kill(entireProcessTree: true);
                return Finding.Error(Check, $"{DotnetHost.Command} --version did not end within {_deadline.TotalSeconds:0} s.", "Is its disk, or the machine, overloaded?");
            }
        }
        catch (Win32Exception e)
        {
            return Finding.Error(Check, $"{DotnetHost.Command} cannot be started: {new Win32Exception(e.NativeErrorCode).Message}", "Install .NET anew, from https://dot.net");
        }
    }

    private static Finding Missing(string root)
    {
        var (cause, remedy) = SdkSelection.Missing(root);
        return Finding.Error(Check, cause, $"{remedy}; or run a release that is built elsewhere: watchreload run --release DIR");
    }
}
