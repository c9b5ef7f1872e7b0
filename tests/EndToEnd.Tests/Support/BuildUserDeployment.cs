namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>A deployment whose builds are another user's: that one can read the checkout and nothing else of the service.</summary>
public class BuildUserDeployment : Deployment
{
    private const string User = "nobody";
    private const string SpyFile = "spy.sh";

    /// <summary>What a build saw: who it is, what came of reading the cookie, and of connecting to the node's pipe.</summary>
    internal static readonly string[] Denied = [User, "Permission denied", "Permission denied"];

    /// <summary>The same, tried by this process's user: that there is something to be seen.</summary>
    internal async Task<string[]> Spy() => (await Git.Try("/", "sh", [Checkout[SpyFile]])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The user's, for all that a build writes.</summary>
    internal string Home => Checkout.Beside("build");

    /// <summary>Why it cannot be had here; null when it can.</summary>
    private string? WhyNot { get; set; }

    public override async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            WhyNot = "Only root can build as another user.";
        else if ((await AsBuilder("test", "-r", Product.Command)).ExitCode != 0)
            WhyNot = $"Another user cannot read what was built ({Product.Command}).";
        else
            await base.InitializeAsync();
    }

    /// <summary>The test, where there cannot be a second user.</summary>
    internal void SkipIfAlone() => Assert.SkipWhen(WhyNot is not null, WhyNot ?? "");

    /// <summary>The builder that runs: its command line names the directory.</summary>
    internal int BuilderId() => Directory.EnumerateDirectories("/proc").Select(p => int.TryParse(Path.GetFileName(p), out var pid) ? pid : 0)
        .Single(pid => pid > 0 && IsBuilder($"/proc/{pid}/cmdline"));

    /// <summary>A program as the user that builds.</summary>
    internal static Task<(int ExitCode, string Output)> AsBuilder(params string[] command) =>
        Git.Try("/", "setpriv", ["--reuid", User, "--regid", "nogroup", "--clear-groups", .. command]);

    private bool IsBuilder(string commandLine)
    {
        try
        {
            return File.ReadAllText(commandLine).Contains($"{Home}/run/", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // it has ended meanwhile
        }
    }

    protected override async Task Prepare()
    {
        await Processes.Run("chmod", "755", Path.GetDirectoryName(Checkout.Root)!);
        await Processes.Run("install", "-d", "-o", User, "-m", "755", Home);
        Checkout.Environment["WATCHRELOAD_BUILD__USER"] = User;
        Checkout.Environment["WATCHRELOAD_BUILD__DIRECTORY"] = Home;
        Checkout.Save(SpyFile, $$"""
            export LC_ALL=C
            id -un
            (cat '{{Checkout.State.Cookie}}' 2>&1 > /dev/null && echo read) | sed 's/.*: //'
            perl -MSocket -e 'socket(my $end, AF_UNIX, SOCK_STREAM, 0); print connect($end, sockaddr_un($ARGV[0])) ? "connected" : $!, "\n"' '{{Checkout.State.Socket(Production.Node)}}'
            """);
        // What the build finds out about itself becomes a file of the release.
        Checkout.Save("Directory.Build.targets", $"""
            <Project>
              <Target Name="Spy" BeforeTargets="AssignTargetPaths">
                <MakeDir Directories="$(IntermediateOutputPath)" />
                <Exec Command="sh '$(MSBuildThisFileDirectory){SpyFile}' > '$(IntermediateOutputPath)seen.txt'" />
                <ItemGroup><None Include="$(IntermediateOutputPath)seen.txt" Link="seen.txt" CopyToPublishDirectory="Always" /></ItemGroup>
              </Target>
              <Target Name="Leak" AfterTargets="Spy" Condition="Exists('$(MSBuildProjectDirectory)/leak')">
                <Exec Command="rm -f '$(IntermediateOutputPath)leak.txt'; ln -s '{Checkout.State.Cookie}' '$(IntermediateOutputPath)leak.txt'" />
                <ItemGroup><None Include="$(IntermediateOutputPath)leak.txt" Link="leak.txt" CopyToPublishDirectory="Always" /></ItemGroup>
              </Target>
            </Project>
            """);
        await Checkout.Commit("with a spy");
        await Checkout.Git("push", "--quiet", "origin", "main");
        await Checkout.Git("-C", Checkout.Beside("clone"), "pull", "--quiet");
    }
}

/// <summary>The same, with a gate.</summary>
public sealed class GatedBuildUserDeployment : BuildUserDeployment
{
    protected override IReadOnlyList<string> Options => ["--gate"];
}
