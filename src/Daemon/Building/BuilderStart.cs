using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>How a builder is started.</summary>
internal static class BuilderStart
{
    /// <summary>32 MiB, in hex: an evaluation allocates so much, and lets go of nearly all; with the default it is collected several times in each.</summary>
    private const string YoungGeneration = "2000000";

    /// <summary>Programs of util-linux.</summary>
    private const string NewSession = "setsid";

    /// <inheritdoc cref="NewSession"/>
    private const string OtherUser = "setpriv";

    /// <summary>Where nobody but root can put a program or a library.</summary>
    private const string Nowhere = "/";

    /// <summary>Null when builds are to be another user's and cannot be.</summary>
    public static (BuilderPlan? Plan, BuildDiagnostic? Problem) Plan(BuilderSettings settings)
    {
        if (settings.User is not { } user)
            return (AsSelf(settings), null);
        var (account, why) = BuildUserCheck.Run(user);
        if (account is null || !OperatingSystem.IsLinux())
            return (null, BuilderProblems.UserUnfit(why!));
        try
        {
            OwnedPath.EnsureState(settings.State); // a builder of this user makes it, closed to others; that one cannot
        }
        catch (StateException e)
        {
            return (null, BuilderProblems.UserUnfit(new(e.Message, e.Remedy)));
        }

        if (BuildPlacesCheck.Run(account, user, settings.State, settings.Top) is { } unfit)
            return (null, BuilderProblems.UserUnfit(unfit));
        return (As(account, user, settings), null);
    }

    /// <summary>As this process's user.</summary>
    private static BuilderPlan AsSelf(BuilderSettings settings)
    {
        var name = $"builder-{Environment.ProcessId}{settings.Seat.Suffix()}";
        var start = Describe(DotnetHost.Command, [settings.Assembly, "--state", settings.State.Root, "--name", name]);
        BuildEnvironment.Clean(start.Environment);
        start.Environment.TryAdd("DOTNET_GCgen0size", YoungGeneration); // not to be had in the runtime's configuration file
        return new BuilderPlan(start, () => new SameUserLink(new PipeClient(settings.State, name)), [settings.State.Rendezvous(name), settings.State.Socket(name)]);
    }

    /// <summary>
    /// As another user: every program here becomes the next, so that the process that is started is the builder. A session of its own, for from a terminal that it
    /// shared with this process it could type there. It can gain no privileges, whatever it runs.
    /// </summary>
    [SupportedOSPlatform("linux")]
    private static BuilderPlan As(UserAccount account, BuildUser user, BuilderSettings settings)
    {
        // Root runs the first two: by their paths, which the check has found, and in no directory of that user's.
        var start = Describe(
            Tool(NewSession),
            [
                Tool(OtherUser), "--reuid", Number(account.Id), "--regid", Number(account.Group), "--init-groups", "--no-new-privs", "--inh-caps=-all",
                Tool(DotnetHost.Command), settings.Assembly, "--socket", user.Socket(settings.Seat), "--peer", Number(UserAccount.Own),
            ]);
        start.WorkingDirectory = Nowhere; // that of this process may be closed to it; a build works in its project's
        var environment = BuildUserEnvironment.For(user, start.Environment);
        start.Environment.Clear();
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        start.Environment.TryAdd("DOTNET_GCgen0size", YoungGeneration);
        // What it leaves is for the next one to remove: in a directory of that user's this one touches nothing, a link may lie there.
        return new BuilderPlan(start, () => new OtherUserLink(new UserClient(user.Socket(settings.Seat), account.Id)), []);
    }

    /// <summary>Why this process cannot start a program as that user; null when it can.</summary>
    [SupportedOSPlatform("linux")]
    public static BuildObstacle? Obstacle(UserAccount account)
    {
        if (UserAccount.Own != 0)
            return new($"Builds as {account.Name} can be started by root alone, and watchreload runs as {UserAccount.OwnName}.", "Run the daemon as root, or leave build.user out.");
        var missing = new[] { NewSession, OtherUser }.Where(tool => SystemTool.Find(tool) is null).ToArray();
        if (missing.Length > 0)
            return new($"{string.Join(" and ", missing)}, which start a build as {account.Name}, cannot be found in the absolute directories of the PATH.", "Install util-linux.");
        return SystemTool.Find(DotnetHost.Command) is not null ? null : new($"{DotnetHost.Command}, which runs a build, is not in {DotnetHost.Root}, nor in an absolute directory of the PATH.", "Install .NET anew, from https://dot.net");
    }

    private static string Tool(string name) => SystemTool.Find(name) ?? throw new InvalidOperationException($"{name} was there, and is gone.");

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments) => new(program, arguments)
    {
        UseShellExecute = false,
        RedirectStandardInput = true, // held open: the builder ends when it closes, also when this process is killed
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
