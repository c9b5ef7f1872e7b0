using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class OwedReleaseTests
{
    private const string Tree = "the tree that deltas have brought";
    private readonly OwedRelease _release;
    private string? _busyWith;
    private string? _now = Tree;
    private Owed _becomes = Owed.Done;
    private int _made;
    private Action _whileMade = () => { };

    public OwedReleaseTests() => _release = new OwedRelease(
        Tree,
        () => _busyWith,
        _ => _now,
        _ =>
        {
            _made++;
            _whileMade();
            return Task.FromResult(_becomes);
        });

    [Fact]
    public async Task It_is_made_while_its_tree_is_the_tree()
    {
        _now = "another";
        Assert.Equal((false, 0), (await Try(), _made));

        _now = Tree;
        Assert.Equal((true, 1), (await Try(), _made));
    }

    [Theory]
    [InlineData(Tree)]
    [InlineData(null)]
    public async Task Nothing_is_made_while_git_is_at_work_in_the_tree(string? now)
    {
        (_busyWith, _now) = ("a rebase", now);
        for (var tries = 0; tries < 5; tries++)
            Assert.Equal((false, 0), (await Try(), _made));
    }

    [Fact]
    public async Task A_tree_that_no_build_has_seen_is_built_at_the_third_look_and_three_times_while_others_come()
    {
        (_now, _becomes) = (null, Owed.OfAnotherTree);
        foreach (var made in (int[])[0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3])
            Assert.Equal((false, made), (await Try(), _made));

        // It is known again.
        (_now, _becomes) = (Tree, Owed.Done);
        Assert.True(await Try());
    }

    [Theory]
    [InlineData(Tree)]
    [InlineData(null)]
    public async Task Another_tree_that_does_not_build_is_built_once(string? before)
    {
        (_now, _becomes) = (before, Owed.Failed);
        _whileMade = () => _now = null; // a file comes
        while (_made == 0)
            Assert.False(await Try());

        for (var tries = 0; tries < 5; tries++)
            Assert.Equal((false, 1), (await Try(), _made));
    }

    [Fact]
    public async Task What_circumstances_ended_is_tried_again_and_after_five_times_seldom()
    {
        _becomes = Owed.CutShort;
        for (var tries = 1; tries <= 5; tries++)
            Assert.Equal((false, tries), (await Try(), _made));
        for (var looks = 1; looks < 20; looks++)
            Assert.Equal((false, 5), (await Try(), _made));
        Assert.Equal((false, 6), (await Try(), _made));

        // They have passed.
        _becomes = Owed.OfAnotherTree;
        while (_made == 6)
            Assert.False(await Try());
        _becomes = Owed.Done;
        Assert.Equal((true, 8), (await Try(), _made));
    }

    [Fact]
    public async Task A_tree_that_does_not_build_as_a_release_is_given_up_at_the_second_time()
    {
        _becomes = Owed.Failed;
        Assert.Equal((false, 1), (await Try(), _made));
        Assert.Equal((true, 2), (await Try(), _made));
    }

    private Task<bool> Try() => _release.Try(TestContext.Current.CancellationToken);
}
