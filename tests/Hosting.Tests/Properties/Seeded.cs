using System.Globalization;
using FsCheck;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>
/// How properties are checked: with one seed, so that a run in CI can be repeated. A failure shows the seed and the smallest case that was found;
/// <c>WATCHRELOAD_TEST_SEED</c>, a number, tries others.
/// </summary>
internal static class Seeded
{
    private const ulong Fixed = 20_260_401;

    // Any odd number: it chooses the generator's sequence, the seed the place in it.
    private const ulong Gamma = 7_046_029_254_386_353_131;

    public static Config Config(int tests) =>
        FsCheck.Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(Seed, Gamma).WithEndSize(60);

    private static ulong Seed =>
        ulong.TryParse(Environment.GetEnvironmentVariable("WATCHRELOAD_TEST_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : Fixed;
}
