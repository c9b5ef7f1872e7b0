using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Builder.Diagnostics;
using WatchReload.Control;
using WatchReload.Tests;

namespace WatchReload.Builder.Tests;

/// <summary>When idle time begins: what is done in it must not be in the way of what follows a build.</summary>
public sealed class BuildQueueTests : IAsyncDisposable
{
    private static readonly BuildRequest Request = new() { Project = "/service/Service.csproj", Configuration = "Debug", ArtifactsPath = "/artifacts" };
    private static readonly TimeSpan AfterBuild = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan AfterAnticipation = TimeSpan.FromMilliseconds(200);
    private readonly FakeTime _time = new();
    private readonly Work _work;
    private readonly BuildQueue _queue;

    public BuildQueueTests()
    {
        _work = new Work(_time);
        _queue = new BuildQueue(_work, _time, NullLogger.Instance);
    }

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task Idle_time_begins_when_what_was_built_has_been_delivered()
    {
        await Build();

        await IdleFrom(AfterBuild);
    }

    [Fact(Timeout = 60_000)]
    public async Task Idle_time_begins_when_no_build_has_followed_an_anticipation()
    {
        await _queue.Anticipate(Request, TestContext.Current.CancellationToken);

        await IdleFrom(AfterAnticipation);
    }

    [Fact(Timeout = 60_000)]
    public async Task Idle_time_begins_at_once_after_a_warm_up()
    {
        await foreach (var _ in _queue.WarmUp(Request, TestContext.Current.CancellationToken))
        {
            // It has no outcome.
        }

        await IdleFrom(TimeSpan.Zero);
    }

    [Fact(Timeout = 60_000)]
    public async Task Exercise_is_answered_as_a_build_and_is_none()
    {
        Assert.Equal((true, BuildLane.Delta), await Practise() is { } outcome ? (outcome.Succeeded, outcome.Lane) : default);
        Assert.Equal((0, false), (_queue.Status.Builds, _work.Building.Task.IsCompleted));
        await IdleFrom(TimeSpan.Zero);
    }

    [Fact(Timeout = 60_000)]
    public async Task Exercise_gives_way_to_a_build()
    {
        _work.HoldsPractice = true;
        var exercise = Practise();
        await _work.Practising.Task.WaitAsync(TestContext.Current.CancellationToken);
        await Build();

        Assert.Null(await exercise);
    }

    [Fact(Timeout = 60_000)]
    public async Task Exercise_that_had_to_wait_gives_way_to_a_build_that_has_come_after_it()
    {
        (_work.Release, _work.HoldsPractice) = (new ManualResetEventSlim(), true);
        var first = Build();
        await _work.Building.Task.WaitAsync(TestContext.Current.CancellationToken);
        var exercise = Practise();
        var second = Build();
        _work.Release.Set();

        Assert.Null(await exercise);
        await Task.WhenAll(first, second);
    }

    private async Task<BuildOutcome?> Practise()
    {
        BuildOutcome? outcome = null;
        await foreach (var told in _queue.Practise(Request, TestContext.Current.CancellationToken))
            outcome = told.Outcome ?? outcome;
        return outcome;
    }

    [Fact(Timeout = 60_000)]
    public async Task Idle_time_begins_no_sooner_when_somebody_came_with_nothing_to_do()
    {
        await Build();
        _work.Anticipates = false;
        await _queue.Anticipate(Request, TestContext.Current.CancellationToken);
        await _queue.Cancel();

        await IdleFrom(AfterBuild);
    }

    [Fact(Timeout = 60_000)]
    public async Task Idle_time_begins_no_sooner_when_somebody_gave_up_waiting_for_the_build()
    {
        _work.Release = new ManualResetEventSlim();
        var build = Build();
        await _work.Building.Task.WaitAsync(TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource();
        var other = _queue.Anticipate(Request, patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
        _work.Release.Set();
        await build;

        await IdleFrom(AfterBuild);
    }

    [Fact(Timeout = 60_000)]
    public async Task Idle_time_is_over_when_somebody_comes()
    {
        await Build();
        _time.Advance(AfterBuild - TimeSpan.FromMilliseconds(1));
        await Build();

        await IdleFrom(2 * AfterBuild - TimeSpan.FromMilliseconds(1));
    }

    /// <param name="throws">What is to be broken off throws when it is told.</param>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_that_is_under_way_is_cancelled_by_its_number_and_no_other_is(bool throws)
    {
        _work.Release = new ManualResetEventSlim();
        _work.ThrowsWhenCancelled = throws;
        var build = Collect(_queue.Build(Request with { Number = 7 }, TestContext.Current.CancellationToken));
        await _work.Building.Task.WaitAsync(TestContext.Current.CancellationToken);

        _queue.CancelSoon(6);
        _queue.CancelSoon(8);
        Assert.True(_queue.Status.Busy);
        _queue.CancelSoon(7);

        Assert.Empty(await build);
        _queue.CancelSoon(7);
        _work.Release.Set();
        await Build();
    }

    /// <summary>Whoever asked reads no further, or asks for the end of it: the turn is free for the next in any case.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Next_build_has_its_turn_when_what_is_to_be_broken_off_throws(bool asks)
    {
        _work.Release = new ManualResetEventSlim();
        _work.ThrowsWhenCancelled = true;
        await using (var build = _queue.Build(Request, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken))
        {
            Assert.True(await build.MoveNextAsync()); // it has said what it does
            if (asks)
            {
                var cancelled = _queue.Cancel();
                Assert.False(await build.MoveNextAsync());
                await cancelled;
            }
        }

        Assert.True(_work.HasThrown);
        _work.Release.Set();
        await Build();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Build_that_waits_for_what_does_not_give_way_says_for_what(bool goesAway)
    {
        using var isHeld = new ManualResetEventSlim();
        _work.Now = new BuildProgress("anticipate", Request.Project) { Extensions = ["/packages/bad.dll"] };
        _work.HoldsAnticipation = isHeld;
        var anticipation = _queue.Anticipate(Request, TestContext.Current.CancellationToken);
        await _work.Anticipating.Task.WaitAsync(TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource();
        await using (var build = _queue.Build(Request, patience.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken))
        {
            Assert.True(await build.MoveNextAsync());
            Assert.Equal(("anticipate", true, "/packages/bad.dll"), (build.Current.Progress!.Activity, build.Current.Progress.IsAwaited, Assert.Single(build.Current.Progress.Extensions)));
            if (!goesAway)
            {
                isHeld.Set();
                Assert.True(await build.MoveNextAsync());
                Assert.False(build.Current.Progress!.IsAwaited);
            }
        }

        isHeld.Set();
        await anticipation;
        await Build();
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_anticipated_before_there_is_something_to_do_it_with()
    {
        _work.CanAnticipate = false;
        await _queue.Anticipate(Request, TestContext.Current.CancellationToken);

        Assert.Equal(0, _work.Anticipations);
    }

    private async Task Build()
    {
        var outcomes = await Collect(_queue.Build(Request, TestContext.Current.CancellationToken));

        Assert.True(Assert.Single(outcomes).Succeeded);
    }

    private static async Task<List<BuildOutcome>> Collect(IAsyncEnumerable<BuildEvent> events)
    {
        var outcomes = new List<BuildOutcome>();
        await foreach (var happened in events)
        {
            if (happened.Outcome is { } outcome)
                outcomes.Add(outcome);
        }

        return outcomes;
    }

    private async Task IdleFrom(TimeSpan begin)
    {
        if (TimeSpan.FromTicks(_time.GetTimestamp()) is var now && now < begin)
        {
            await _time.Armed(begin - now).WaitAsync(TestContext.Current.CancellationToken);
            _time.Advance(begin - now);
        }

        await _work.Idle.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(begin, _work.IdleSince);
    }

    /// <summary>Succeeds in everything.</summary>
    private sealed class Work(FakeTime time) : IBuildWork
    {
        public TaskCompletionSource Building { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Idle { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The first time.</summary>
        public TimeSpan IdleSince { get; private set; }

        /// <summary>Builds wait for it.</summary>
        public ManualResetEventSlim? Release { get; set; }

        public bool ThrowsWhenCancelled { get; set; }

        public bool HasThrown { get; private set; }

        public bool Anticipates { get; set; } = true;

        public int Anticipations { get; private set; }

        public bool CanAnticipate { get; set; } = true;

        public bool IsReady => true;

        public BuildProgress? Now { get; set; }

        public TaskCompletionSource Anticipating { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Anticipations wait for it, whatever they are told.</summary>
        public ManualResetEventSlim? HoldsAnticipation { get; set; }

        public string? Sdk => null;

        public BuildOutcome Build(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
        {
            diagnostics.Report(new BuildProgress("compile", request.Project));
            cancellation.Register(() => // for good: it may end before it is told
            {
                if (!ThrowsWhenCancelled)
                    return;
                HasThrown = true;
                throw new InvalidOperationException("not now");
            });
            Building.TrySetResult();
            Release?.Wait(cancellation);
            return new BuildOutcome { Succeeded = true, Lane = BuildLane.Build, Inputs = new BuildInputs() };
        }

        public TaskCompletionSource Practising { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Exercises go on until they are broken off.</summary>
        public bool HoldsPractice { get; set; }

        public BuildOutcome Practise(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
        {
            Practising.TrySetResult();
            if (HoldsPractice)
            {
                cancellation.WaitHandle.WaitOne();
                cancellation.ThrowIfCancellationRequested();
            }
            return new() { Succeeded = true, Lane = BuildLane.Delta };
        }

        public BuildOutcome? Analyze(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation) => null;

        public void WarmUp(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
        {
            // Nothing is cold.
        }

        public BuildOutcome? Anticipate(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation)
        {
            Anticipations++;
            Anticipating.TrySetResult();
            HoldsAnticipation?.Wait(CancellationToken.None);
            Now = null;
            return Anticipates ? new() { Succeeded = true, Lane = BuildLane.Delta } : null;
        }

        public void UseIdleTime(CancellationToken cancellation)
        {
            if (Idle.Task.IsCompleted)
                return;
            IdleSince = TimeSpan.FromTicks(time.GetTimestamp());
            Idle.SetResult();
        }

        public void Dispose() => Release?.Dispose();
    }
}
