using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>A package that is loaded with each version: what it has found out of bodies goes with a load, and stays under a delta.</summary>
public sealed class VersionPackageTests : DeltaLaneBed
{
    private protected override string Items => "<PackageReference Include=\"Serilog\" Version=\"3.1.1\" />";

    private protected override string Extra => "namespace App; internal static class Log { internal static Serilog.Core.LoggingLevelSwitch Level() { return new(); } }";

    private protected override IReadOnlyList<string> PerVersion => ["Seri*"];

    [Fact(Timeout = 300_000)]
    public async Task Body_is_loaded_where_code_of_the_service_uses_a_package_that_is_loaded_with_each_version()
    {
        Edit(Program, "Of(1)", "Of(2)");
        var outcome = await Build(Loaded);
        Assert.Equal((true, BuildLane.Replay, "Serilog is loaded with each version, and would keep what it has found out before"), (outcome.Succeeded, outcome.Lane, outcome.LaneReason));
        Edit(Rates, "years * 2", "years * 3"); // of a project that uses nothing of it
        Assert.Equal(BuildLane.Replay, (await Build(Loaded)).Lane);
    }
}

/// <summary>As <see cref="VersionPackageTests"/>, where nobody uses it.</summary>
public sealed class UnusedVersionPackageTests : DeltaLaneBed
{
    private protected override string Items => "<PackageReference Include=\"Serilog\" Version=\"3.1.1\" />";

    private protected override IReadOnlyList<string> PerVersion => ["Serilog"];

    [Fact(Timeout = 300_000)]
    public async Task Body_goes_by_delta_where_the_package_is_named_by_a_project_alone()
    {
        Edit(Program, "Of(1)", "Of(2)");
        Assert.Equal(["App 1"], await Deltas());
    }
}

/// <summary>As <see cref="VersionPackageTests"/>, where code uses another package, which uses it.</summary>
public sealed class UserOfVersionPackageTests : DeltaLaneBed
{
    private protected override string Items => "<PackageReference Include=\"Serilog.Extensions.Logging\" Version=\"8.0.0\" />";

    private protected override string Extra => "namespace App; internal static class Log { internal static Serilog.Extensions.Logging.LoggerProviderCollection All() { return new(); } }";

    private protected override IReadOnlyList<string> PerVersion => ["Serilog"];

    [Fact(Timeout = 300_000)]
    public async Task Body_is_loaded_where_code_uses_what_refers_to_such_a_package()
    {
        Edit(Program, "Of(1)", "Of(2)");
        var outcome = await Build(Loaded);
        Assert.Equal((BuildLane.Replay, "Serilog.Extensions.Logging is loaded with each version, and would keep what it has found out before"), (outcome.Lane, outcome.LaneReason));
    }
}
