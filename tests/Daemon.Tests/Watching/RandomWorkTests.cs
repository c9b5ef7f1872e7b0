using WatchReload.Daemon.Tests.Git;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Tests.Watching;

/// <summary>
/// Whatever is done to a tree: once it is quiet, what was built last is what the tree says. CONTRIBUTING.md tells how to run it for longer, and again with the seed
/// that a failure names.
/// </summary>
public sealed class RandomWorkTests
{
    private const int Rounds = 12;

    /// <summary>Operations of a round that succeed, at least.</summary>
    private const int Least = 600;

    /// <summary>What is not handed on within this time is not handed on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static int Seeds { get; } = int.TryParse(Environment.GetEnvironmentVariable("WATCHRELOAD_TEST_SEEDS"), out var seeds) ? seeds : 2;

    private static int First { get; } = int.TryParse(Environment.GetEnvironmentVariable("WATCHRELOAD_TEST_SEED"), out var seed) ? seed : 20261127;

    [Fact(Timeout = 12 * 60 * 60_000)]
    public async Task What_was_built_last_is_what_the_tree_says_after_random_work_by_events()
    {
        for (var seed = First; seed < First + Seeds; seed++)
            await Run(seed, duringBuilds: true, settings => settings);
    }

    [Fact(Timeout = 12 * 60 * 60_000)]
    public async Task What_was_built_last_is_what_the_tree_says_after_random_work_by_polling()
    {
        for (var seed = First; seed < First + Math.Max(1, Seeds / 4); seed++)
            // Nobody who only looks can see what came and went between two looks, so builds see the tree at rest.
            await Run(seed, duringBuilds: false, settings => settings with { Polling = PollingMode.Always, PollInterval = TimeSpan.FromMilliseconds(20) });
    }

    private static async Task Run(int seed, bool duringBuilds, Func<WatcherSettings, WatcherSettings> settings)
    {
        var random = new Random(seed);
        using var sandbox = new GitSandbox();
        await sandbox.Init("work");
        var checkout = await sandbox.Checkout("work");
        await using var folder = new WatchedFolder(checkout.Root, checkout.StatePath) { BusyWith = checkout.BusyWith };
        // Beats often: moves of directories kill the runtime's watcher on Linux, and what happens next is what is tested.
        folder.Settings = settings(folder.Settings with { HeartbeatInterval = TimeSpan.FromMilliseconds(100) });
        folder.Write("src/p.csproj", "project");
        await RandomWork.Branch(folder.Root);
        Directory.CreateDirectory(folder.Beside("shared0/deep"));
        Directory.CreateDirectory(folder.Beside("shared1/deep"));
        await folder.Watch();
        var work = new RandomWork(folder, random);
        var build = new PretendedBuild(folder);
        await build.Run();
        for (var round = 0; round < Rounds; round++)
        {
            var working = Task.Run(() => work.Do(Least + random.Next(900)));
            while (duringBuilds && !working.IsCompleted)
            {
                var next = folder.Next();
                if (await Task.WhenAny(next, working) == working)
                    folder.Write("src/wake.cs", $"{round}");
                await build.Take(await next);
            }
            await working;
            // In every other round nothing is written after the work: all of it must be handed on by itself.
            if (round % 2 == 1)
            {
                await TakeAll(build, folder, seed, round);
                continue;
            }

            var sentinel = folder.Write("src/sentinel.cs", $"{round}");
            while (!(build.Loaded.TryGetValue(sentinel, out var text) && text == $"{round}"))
                await build.Take(await folder.Next());
            // What the last build made doubtful is handed on next.
            var last = folder.Write("src/last.cs", $"{round}");
            while (!(build.Loaded.TryGetValue(last, out var text) && text == $"{round}"))
                await build.Take(await folder.Next());
            var tree = PretendedBuild.Scan(folder.Root);
            Assert.True(tree.SequenceEqual(build.Loaded), $"Seed {seed}, round {round}, after {work.Succeeded} operations and {work.Failed} that failed: {Difference(tree, build.Loaded)}. The last of them: {work.Last}");
        }

        Assert.InRange(work.Succeeded, Rounds * Least, int.MaxValue);
        Assert.InRange(work.Failed, 0, work.Succeeded / 2);
        Assert.InRange(work.ByGit, Rounds, int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}: {work.Succeeded} operations, {work.ByGit} of them git's, and {work.Failed} that failed");
    }

    private static async Task TakeAll(PretendedBuild build, WatchedFolder folder, int seed, int round)
    {
        var tree = PretendedBuild.Scan(folder.Root);
        while (!tree.SequenceEqual(build.Loaded))
        {
            var next = folder.Next();
            if (await Task.WhenAny(next, Task.Delay(Patience, TestContext.Current.CancellationToken)) != next)
                Assert.Fail($"Seed {seed}, round {round}: nothing is handed on any more. {Difference(tree, build.Loaded)}");
            await build.Take(await next);
        }
    }

    private static string Difference(SortedDictionary<string, string> tree, SortedDictionary<string, string> loaded) => string.Join("; ", tree.Keys.Union(loaded.Keys)
        .Where(path => tree.GetValueOrDefault(path) != loaded.GetValueOrDefault(path))
        .Select(path => $"{path} is {tree.GetValueOrDefault(path) ?? "not there"}, was built as {loaded.GetValueOrDefault(path) ?? "not there"}"));
}
