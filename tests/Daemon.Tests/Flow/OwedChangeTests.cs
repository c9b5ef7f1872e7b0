using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class OwedChangeTests
{
    private static readonly ReloadCommitted _done = new("main", 2, "r000002");
    private static readonly ReloadRefused _late = new("main", 1, "r000002", ["Actor a is late."]) { Transient = true };
    private static readonly ReloadRefused _frozen = new("main", 1, null, ["Deploys are frozen."]) { Transient = true, NotTried = true };
    private readonly FakeTime _time = new();
    private readonly Queue<DaemonEvent?> _verdicts = [];
    private readonly Queue<Owing> _looks = [];
    private readonly List<IReadOnlyCollection<string>> _ran = [];
    private readonly List<DateTimeOffset> _since = [];
    private readonly List<Exception> _reported = [];
    private TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _fault;
    private TimeSpan _takes;
    private int _attempts;

    public static TheoryData<string> Circumstances => ["a builder that ended", "a late actor", "a freeze", "an order that came first", "git", "a lost connection"];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Circumstances))]
    public async Task Change_is_tried_again_that_circumstances_kept_from_the_nodes(string circumstance)
    {
        await using var owed = Owed();
        Ends(Verdict(circumstance), _done);
        await owed.Attempt();

        await Passes(OwedChange.FirstPause);

        Assert.Equal(2, _attempts);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("committed")]
    [InlineData("errors in the code")]
    [InlineData("refused by the node")]
    [InlineData("a defect")]
    public async Task Change_is_not_tried_again_when_there_was_a_verdict_on_it(string verdict)
    {
        var owed = Owed();
        Ends(Verdict(verdict));
        await owed.Attempt();

        _time.Advance(TimeSpan.FromHours(1));
        await owed.DisposeAsync();

        Assert.Equal(1, _attempts);
    }

    [Fact(Timeout = 60_000)]
    public async Task Tries_are_further_and_further_apart_also_when_changes_come_in_between()
    {
        await using var owed = Owed();
        Ends([.. Enumerable.Repeat(_late, 12), _done, _late, _done]);
        await owed.Attempt();
        await Passes(TimeSpan.FromSeconds(2));
        await Passes(TimeSpan.FromSeconds(4));

        await owed.Attempt();
        foreach (var seconds in (int[])[16, 32, 64, 128, 256, 300, 300, 300])
            await Passes(TimeSpan.FromSeconds(seconds));
        await Passes(TimeSpan.FromSeconds(300)); // and it is done

        await owed.Attempt();
        await Passes(OwedChange.FirstPause);
        Assert.Equal(15, _attempts);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_tried_when_the_tree_needs_no_build_any_more()
    {
        var owed = Owed();
        _looks.Enqueue(Owing.Nothing);
        Ends(_late);
        await owed.Attempt();
        await _time.Armed(OwedChange.FirstPause);

        _time.Advance(TimeSpan.FromHours(1));
        await owed.DisposeAsync();

        Assert.Equal((1, 0), (_attempts, _looks.Count));
    }

    [Fact(Timeout = 60_000)]
    public async Task It_is_looked_at_again_and_again_while_deploys_are_frozen_and_tried_soon_after()
    {
        await using var owed = Owed();
        Ends(_frozen, _done);
        foreach (var look in (Owing[])[Owing.NotYet, Owing.NotYet, Owing.Now])
            _looks.Enqueue(look);
        await owed.Attempt();
        foreach (var pause in (TimeSpan[])[OwedChange.FirstPause, OwedChange.BetweenLooks])
        {
            await _time.Armed(pause);
            var again = _time.ArmedAnew(OwedChange.BetweenLooks);
            _time.Advance(pause);
            await again.WaitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, _attempts);
        await Passes(OwedChange.BetweenLooks);

        Assert.Equal(2, _attempts);
        Assert.All(_ran, nodes => Assert.Equal(["main"], nodes));
    }

    [Fact(Timeout = 60_000)]
    public async Task Change_stays_owed_while_nodes_cannot_be_asked_for_what_passes()
    {
        await using var owed = Owed();
        Ends(_late, _late, _done);
        _fault = new StateException("The rendezvous file is damaged.", "Start the node again.");
        await owed.Attempt();
        _time.Advance(OwedChange.FirstPause);

        await owed.Attempt(); // a change that comes meanwhile

        Assert.Equal(2, _attempts);
        _fault = null;
        await Passes(TimeSpan.FromSeconds(4));
        Assert.Equal(3, _attempts);
    }

    [Fact(Timeout = 60_000)]
    public async Task Change_is_owed_since_its_first_attempt_ended()
    {
        await using var owed = Owed();
        Ends(_late, _late, _done);
        _takes = TimeSpan.FromSeconds(1); // a rollback that it waited for ends before it
        var begun = _time.GetUtcNow();
        await owed.Attempt();
        await Passes(OwedChange.FirstPause);
        await Passes(TimeSpan.FromSeconds(4));

        Assert.Equal([begun + _takes, begun + _takes], _since);
    }

    [Fact(Timeout = 60_000)]
    public async Task Defect_of_a_look_is_reported_and_the_next_change_attempted()
    {
        await using var owed = Owed();
        Ends(_late, _done);
        await owed.Attempt();
        await _time.Armed(OwedChange.FirstPause);
        _fault = new InvalidOperationException("a defect");
        _time.Advance(OwedChange.FirstPause);

        await owed.Attempt();

        Assert.Equal((2, 1), (_attempts, _reported.Count));
    }

    [Fact(Timeout = 60_000)]
    public async Task End_of_the_command_during_a_try_is_no_defect()
    {
        using var ending = new CancellationTokenSource();
        var (first, begun) = (true, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var owed = new OwedChange(
            async ending =>
            {
                if (first)
                {
                    first = false;
                    return _late;
                }

                var never = new TaskCompletionSource<DaemonEvent?>().Task.WaitAsync(ending);
                begun.SetResult();
                return await never.ConfigureAwait(false); // goes on while the token is being cancelled, ahead of what was linked to it before
            },
            (_, _, _) => Task.FromResult(Owing.Now),
            _ => Task.FromResult<IReadOnlyCollection<string>>([]),
            _reported.Add,
            _time,
            ending.Token);
        await Task.Run(owed.Attempt, TestContext.Current.CancellationToken); // where no context takes up continuations later
        await _time.Armed(OwedChange.FirstPause);
        _time.Advance(OwedChange.FirstPause);
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);

        await ending.CancelAsync();
        await owed.DisposeAsync();

        Assert.Empty(_reported);
    }

    private OwedChange Owed() => new(
        _ =>
        {
            _attempts++;
            _time.Jump(_takes);
            var verdict = _verdicts.Dequeue();
            _attempted.TrySetResult();
            return Task.FromResult(verdict);
        },
        (ran, since, _) =>
        {
            _ran.Add(ran);
            _since.Add(since);
            if (_fault is { } fault)
                return Task.FromException<Owing>(fault);
            return Task.FromResult(_looks.TryDequeue(out var look) ? look : Owing.Now);
        },
        _ => _fault is { } fault ? Task.FromException<IReadOnlyCollection<string>>(fault) : Task.FromResult<IReadOnlyCollection<string>>(["main"]),
        _reported.Add,
        _time,
        TestContext.Current.CancellationToken);

    private void Ends(params IEnumerable<DaemonEvent?> verdicts)
    {
        foreach (var verdict in verdicts)
            _verdicts.Enqueue(verdict);
    }

    /// <summary>After exactly that long there is another attempt.</summary>
    private async Task Passes(TimeSpan pause)
    {
        await _time.Armed(pause);
        _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _time.Advance(pause);
        await _attempted.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    private static DaemonEvent? Verdict(string what) => what switch
    {
        "a builder that ended" => new BuildFailed("build", null, 0, [EventDiagnostic.Error("gone") with { Code = "WRB101" }]),
        "a late actor" => _late,
        "a freeze" => _frozen,
        "an order that came first" => new ReloadSuperseded("watch", "rollback"),
        "git" => new GitRefused("Could not read the status.", "Try it by hand."),
        "a lost connection" => _late with { Unknown = true },
        "committed" => _done,
        "errors in the code" => new BuildFailed("build", null, 0, [EventDiagnostic.Error("; expected") with { Code = "CS1002" }]),
        "refused by the node" => _late with { Transient = false },
        _ => null,
    };
}
