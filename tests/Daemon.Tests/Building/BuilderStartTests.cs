using System.Runtime.Versioning;
using WatchReload.Control;
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

    [Theory(Timeout = 60_000)]
    [InlineData("build", "build/checkout", "The checkout (PLACE/build/checkout) lies in PLACE/build")]
    [InlineData("build/checkout", "build/checkout", "The checkout (PLACE/build/checkout) lies in PLACE/build/checkout")]
    [InlineData("link", "build/checkout", "The checkout (PLACE/build/checkout) lies in PLACE/link")]
    [InlineData(".watchreload-gate", "checkout", "The place of pushed trees (PLACE/.watchreload-gate) lies in PLACE/.watchreload-gate")]
    [InlineData("", "checkout", "The state directory (PLACE/.watchreload) lies in PLACE")]
    public async Task Directory_that_holds_what_the_build_is_kept_from_is_refused(string directory, string checkout, string cause)
    {
        Directory.CreateSymbolicLink(Path.Combine(_scratch.Root, "link"), Path.Combine(_scratch.Root, "build"));
        Directory.CreateDirectory(Path.Combine(_scratch.Root, checkout));
        var user = new BuildUser(User, Path.Combine(_scratch.Root, directory));

        var why = BuildPlacesCheck.Run(UserAccount.Find(User)!, user, _scratch.State, Path.Combine(_scratch.Root, checkout));
        await Task.Yield();

        Assert.Contains(cause.Replace("PLACE", _scratch.Root, StringComparison.Ordinal), why?.Cause, StringComparison.Ordinal);
        Assert.Contains("build.directory", why!.Remedy, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("chown nobody .git", ".git")]
    [InlineData("chmod 666 .git/config", ".git/config")]
    [InlineData("chgrp nogroup .git/hooks; chmod 775 .git/hooks", ".git/hooks")]
    [InlineData("chmod 755 .git", null)]
    public async Task Checkout_whose_git_directory_the_user_can_change_is_refused(string change, string? changed)
    {
        var top = Path.Combine(_scratch.Root, "checkout");
        await Shell.Git(_scratch.Root, "init", "--quiet", top);
        await Shell.Run(top, "sh", "-c", change);
        var settings = (await Settings()) with { Top = top };

        var (plan, problem) = BuilderStart.Plan(settings);

        Assert.Equal(changed is null, plan is not null);
        if (changed is not null)
            Assert.Contains($"can change {top}/{changed},", problem!.Message, StringComparison.Ordinal);
    }

    private async Task<BuilderSettings> Settings()
    {
        await Shell.Run("/", "install", "-d", "-o", User, "-m", "755", Home);
        return new BuilderSettings(_scratch.State) { User = new BuildUser(User, Home) };
    }
}
