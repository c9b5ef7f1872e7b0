using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Configuration;
using BuilderSettings = WatchReload.Daemon.Building.BuilderSettings;

namespace WatchReload.Daemon.Cli.Doctor;

/// <summary>Whether builds can be the user's that is configured: a builder is started as that user, and asked.</summary>
internal static class BuildCheck
{
    private const string Check = "build";

    public static async Task<IReadOnlyList<Finding>> Run(Workplace place, string assembly, TimeProvider time, CancellationToken cancellation)
    {
        if (Workbench.BuildUser(place) is not { } user)
            return [];
        if (BuildUserCheck.Run(user) is (null, var why))
            return [Finding.Error(Check, why!.Cause, why.Remedy)];
        if (OperatingSystem.IsLinux() && BuildPlacesCheck.Run(UserAccount.Find(user.Name)!, user, place.State, ConfigurationFile.GitTop(place.Settings.Root) ?? place.Settings.Root) is { } unfit)
            return [Finding.Error(Check, unfit.Cause, unfit.Remedy)];
        if (OperatingSystem.IsLinux() && !UserAccount.Find(user.Name)!.CanEnter(place.Settings.Root))
            return [Finding.Error(Check, $"{user.Name}, who builds, cannot read {place.Settings.Root}, what is to be built.", $"Let it enter the directories above, and read the tree: namei -l {place.Settings.Root}")];
        return [await Start(user, assembly, time, cancellation)];
    }

    /// <summary>With a state directory of its own, so that the log of the daemon's builder stays.</summary>
    private static async Task<Finding> Start(BuildUser user, string assembly, TimeProvider time, CancellationToken cancellation)
    {
        var aside = Directory.CreateTempSubdirectory("watchreload-doctor-");
        try
        {
            var settings = new BuilderSettings(new StateDirectory(aside.FullName)) { Assembly = assembly, User = user };
            var (builder, problem) = await BuilderProcess.Start(settings, "", time, NullLogger.Instance, cancellation);
            if (builder is null)
                return Finding.Error(Check, problem!.Message, $"Can {user.Name} run {DotnetHost.Command}, and read {assembly}? namei -l {DotnetHost.Command} {assembly}");
            await builder.DisposeAsync();
            return Finding.Ok(Check, $"A builder runs as {user.Name}, in {user.Directory}.");
        }
        finally
        {
            aside.Delete(recursive: true);
        }
    }
}
