using WatchReload.Builder.Lanes;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

public sealed class LaneChooserTests
{
    [Fact(Timeout = 60_000)]
    public async Task Takes_the_build_lane_without_a_reason_when_the_assets_are_right()
    {
        await Task.CompletedTask;
        Assert.Equal(new LaneChoice(BuildLane.Build, null), LaneChooser.Choose(BuildLane.Auto, staleAssets: null));
    }

    [Fact(Timeout = 60_000)]
    public async Task Makes_the_calls_of_the_compiler_again_when_nothing_is_against_it()
    {
        await Task.CompletedTask;
        Assert.Equal(new LaneChoice(BuildLane.Replay, null), LaneChooser.BeforeEvaluation(BuildLane.Auto, refused: null));
        Assert.Equal(new LaneChoice(BuildLane.Build, "App.csproj changed"), LaneChooser.BeforeEvaluation(BuildLane.Auto, "App.csproj changed"));
        Assert.Equal(BuildLane.Build, LaneChooser.BeforeEvaluation(BuildLane.Build, refused: null).Lane);
    }

    [Fact(Timeout = 60_000)]
    public async Task Restores_and_says_why_when_the_assets_are_not_right()
    {
        await Task.CompletedTask;
        Assert.Equal(new LaneChoice(BuildLane.Restore, "App.csproj changed"), LaneChooser.Choose(BuildLane.Auto, "App.csproj changed"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Does_as_it_is_asked()
    {
        await Task.CompletedTask;
        Assert.Equal(BuildLane.Build, LaneChooser.Choose(BuildLane.Build, "App.csproj changed").Lane);
        Assert.Equal(BuildLane.Restore, LaneChooser.Choose(BuildLane.Restore, null).Lane);
    }

    [Fact(Timeout = 60_000)]
    public async Task Tries_a_restore_when_a_build_misses_a_package()
    {
        await Task.CompletedTask;
        BuildDiagnostic[] missing = [new(DiagnosticSeverity.Error, "NETSDK1064", "Package Serilog was not found", null, 0, 0, 0, 0, null)];
        Assert.Equal(BuildLane.Restore, LaneChooser.AfterFailure(BuildLane.Auto, BuildLane.Build, missing)?.Lane);
        Assert.Null(LaneChooser.AfterFailure(BuildLane.Auto, BuildLane.Restore, missing));
        Assert.Null(LaneChooser.AfterFailure(BuildLane.Build, BuildLane.Build, missing));
    }

    [Fact(Timeout = 60_000)]
    public async Task Leaves_a_compile_error_alone()
    {
        await Task.CompletedTask;
        Assert.Null(LaneChooser.AfterFailure(BuildLane.Auto, BuildLane.Build, [new(DiagnosticSeverity.Error, "CS1002", "; expected", null, 0, 0, 0, 0, null)]));
    }
}
