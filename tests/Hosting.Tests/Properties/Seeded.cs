using System.Globalization;
using FsCheck;
using Xunit.Sdk;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>
/// How properties are checked: with one seed that is always the same, so that a change is judged by the cases of the one before, and with a fresh one, so that new cases are tried
/// in each run. A failure shows the seed and the smallest case that was found; <c>WATCHRELOAD_TEST_SEED</c>, a number, tries that seed alone.
/// </summary>
internal static class Seeded
{
    private const string Variable = "WATCHRELOAD_TEST_SEED";
    private const ulong Fixed = 20_260_401;

    // Any odd number: it chooses the generator's sequence, the seed the place in it.
    private const ulong Gamma = 7_046_029_254_386_353_131;

    /// <param name="property">What must hold.</param>
    /// <param name="tests">For so many cases of each seed.</param>
    public static void Check(Property property, int tests)
    {
        foreach (var seed in Given is { } given ? [given] : new[] { Fixed, Fresh }) Check(property, tests, seed);
    }

    public static void Check(Property property, int tests, ulong seed)
    {
        try
        {
            property.Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(seed, Gamma).WithEndSize(60));
        }
        catch (Exception failure)
        {
            throw new XunitException(string.Create(CultureInfo.InvariantCulture, $"{Variable}={seed} repeats it. {failure.Message}"), failure);
        }
    }

    private static ulong? Given =>
        ulong.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null;

    private static ulong Fresh => (ulong)Random.Shared.NextInt64();
}
