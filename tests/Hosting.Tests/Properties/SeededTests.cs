using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck.Fluent;
using Xunit.Sdk;

namespace WatchReload.Hosting.Tests.Properties;

public sealed partial class SeededTests
{
    private const int Tests = 20;

    [Fact(Timeout = 60_000)]
    public Task A_failure_of_any_seed_tells_the_seed_that_repeats_its_cases()
    {
        var cases = new List<int>();
        var seen = 0;
        var property = Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), made =>
        {
            cases.Add(made);
            // The seed that is always the same passes, if it is tried.
            return ++seen % (2 * Tests) != 0;
        });

        var failure = Assert.Throws<XunitException>(() =>
        {
            Seeded.Check(property, Tests);
            Seeded.Check(property, Tests); // one seed alone was wanted
        });

        var failed = cases.Last();
        var seed = ulong.Parse(Told().Match(failure.Message).Groups[1].Value, CultureInfo.InvariantCulture);
        cases.Clear();
        seen = Tests;
        Assert.Throws<XunitException>(() => Seeded.Check(property, Tests, seed));
        Assert.Equal(failed, cases.Last());
        return Task.CompletedTask;
    }

    [GeneratedRegex("^WATCHRELOAD_TEST_SEED=([0-9]+) repeats it")]
    private static partial Regex Told();
}
