using System.Globalization;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>
/// The same, where git runs as another user than the service: that user owns the repository that is pushed to, can enter neither the checkout that serves
/// nor its state, and has a group that the daemon has a socket for.
/// </summary>
public class HandedDeployment : Deployment
{
    private const int User = 65533;

    /// <summary>Has no name on any machine.</summary>
    private const int Group = 64_321;

    internal string Socket => Checkout.Beside(Path.Combine("hook", "hook.sock"));

    /// <summary>Why it cannot be had here; null when it can.</summary>
    private string? WhyNot { get; set; }

    public override async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            WhyNot = "Only root can be another user.";
        else if ((await AsGitUser("/", "test", ["-r", Product.Command])).ExitCode != 0)
            WhyNot = $"Another user cannot read what was built ({Product.Command}).";
        else
            await base.InitializeAsync();
    }

    /// <summary>The test, where there cannot be a second user.</summary>
    internal void SkipIfAlone() => Assert.SkipWhen(WhyNot is not null, WhyNot ?? "");

    protected override async Task Prepare()
    {
        var top = Path.GetDirectoryName(Checkout.Root)!;
        await Processes.Run("chmod", "755", top);
        await Processes.Run("chmod", "700", Checkout.Root);
        await Processes.Run("chown", "-R", $"{User}:{User}", Checkout.Beside("origin.git"), Checkout.Beside("clone"));
        await File.WriteAllTextAsync(Checkout.Beside("gitconfig"), $"[safe]\n\tdirectory = {Checkout.Beside("origin.git")}\n");
        Checkout.Environment["GIT_CONFIG_GLOBAL"] = Checkout.Beside("gitconfig"); // the service's user trusts that repository
        Checkout.Environment["WATCHRELOAD_HOOK__GROUP"] = Group.ToString(CultureInfo.InvariantCulture);
        Checkout.Environment["WATCHRELOAD_HOOK__SOCKET"] = Socket;
        Checkout.Environment["WATCHRELOAD_GIT__GATE"] = Options.Contains("--gate") ? "on" : "off";
    }

    protected override async Task Install(string bare)
    {
        var (exitCode, output) = await AsGitUser(bare, "dotnet", [Product.Command, "hook", "install", "--socket", Socket, .. Options]);
        Assert.True(exitCode == 0, output);
    }

    protected override Task<(int ExitCode, string Output)> TryGit(string directory, params string[] arguments) => AsGitUser(directory, "git", arguments);

    /// <summary>The command, as the git user.</summary>
    internal Task<(int ExitCode, string Output)> Ask(params string[] arguments) => AsGitUser("/", "dotnet", [Product.Command, .. arguments]);

    /// <summary>The command, as a user who is not in the group.</summary>
    internal static Task<(int ExitCode, string Output)> AskAsStranger(params string[] arguments) =>
        Git.Try("/", "setpriv", ["--reuid", "65532", "--regid", "65532", "--clear-groups", "dotnet", Product.Command, .. arguments]);

    private static Task<(int ExitCode, string Output)> AsGitUser(string directory, string program, IReadOnlyList<string> arguments) =>
        Git.Try(directory, "setpriv", ["--reuid", $"{User}", "--regid", $"{User}", "--groups", $"{Group}", program, .. arguments]);
}

/// <summary>The same, with a gate.</summary>
public sealed class GatedHandedDeployment : HandedDeployment
{
    protected override IReadOnlyList<string> Options => ["--gate"];
}
