using System.Runtime.Versioning;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Tests.Git;

namespace WatchReload.Daemon.Tests.Building;

/// <summary>What root starts for a build as another user.</summary>
[SupportedOSPlatform("linux")]
public sealed class BuilderStartTests : IDisposable
{
    private const string User = "nobody";

    private readonly Scratch _scratch = new();

    public BuilderStartTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can build as another user.");
        File.SetUnixFileMode(_scratch.Root, (UnixFileMode)0b111_101_101);
    }

    private string Home => Path.Combine(_scratch.Root, "build");

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Every_program_is_named_by_its_path_and_none_stands_in_that_users_directory()
    {
        var (plan, problem) = BuilderStart.Plan(await Settings());

        Assert.True(plan is not null, problem?.Message);
        string[] command = [plan.Start.FileName, .. plan.Start.ArgumentList];
        string[] programs = [.. command.Where(part => Path.GetFileName(part) is "setsid" or "setpriv" or "dotnet")];
        Assert.Equal(["setsid", "setpriv", "dotnet"], programs.Select(program => Path.GetFileName(program)));
        Assert.All(programs, program => Assert.True(Path.IsPathFullyQualified(program) && File.Exists(program), program));
        Assert.Equal("/", plan.Start.WorkingDirectory);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("0701")]
    [InlineData("0704")]
    [InlineData("0755")]
    public async Task State_directory_that_others_can_look_into_is_refused_with_the_remedy(string mode)
    {
        var settings = await Settings();
        await Shell.Run("/", "chmod", mode, _scratch.State.Root);

        var (plan, problem) = BuilderStart.Plan(settings);

        Assert.Null(plan);
        Assert.Equal(BuilderProblems.UserUnfitCode, problem!.Code);
        Assert.Contains($"chmod 700 {_scratch.State.Root}", problem.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("nogroup", false)]
    [InlineData("root", true)]
    public async Task State_directory_of_a_group_is_refused_when_the_user_is_in_it(string group, bool fit)
    {
        var settings = await Settings();
        await Shell.Run("/", "chgrp", group, _scratch.State.Root);
        await Shell.Run("/", "chmod", "750", _scratch.State.Root);

        Assert.Equal(fit, BuilderStart.Plan(settings).Plan is not null);
    }

    private async Task<BuilderSettings> Settings()
    {
        await Shell.Run("/", "install", "-d", "-o", User, "-m", "755", Home);
        return new BuilderSettings(_scratch.State) { User = new BuildUser(User, Home) };
    }
}
