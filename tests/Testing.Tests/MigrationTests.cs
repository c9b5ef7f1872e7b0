using WatchReload.Actors;

namespace WatchReload.Testing.Tests
{
    public sealed class MigrationTests
    {
        [Fact(Timeout = 60_000)]
        public Task Nested_types_correspond_when_the_versions_are_namespaces()
        {
            var log = new List<V1.Seen> { new("hi", V1.Mood.Glad) };
            var state = Migration.Map<V1.State, V2.State>(new V1.State(3, log, "ann"));
            Assert.Equal(3L, state.Count);
            Assert.Equal("ann", state.Name);
            Assert.Equal(new V2.Seen("hi", V2.Mood.Glad, false), Assert.Single(state.Log));
            return Task.CompletedTask;
        }

        [Fact(Timeout = 60_000)]
        public Task The_way_back_narrows_when_it_is_asked_for()
        {
            var state = new V2.State(3, [], "ann");
            Assert.Equal(3, Migration.Map<V2.State, V1.State>(state, rollback: true).Count);
            var problem = Assert.Throws<MigrationException>(() => Migration.Map<V2.State, V1.State>(state with { Count = long.MaxValue }, rollback: true));
            Assert.Contains("Count", problem.Message, StringComparison.Ordinal);
            Assert.False(Migration.Plan<V2.State, V1.State>().Possible);
            return Task.CompletedTask;
        }

        [Fact(Timeout = 60_000)]
        public Task A_plan_tells_what_is_lost_and_what_is_refused()
        {
            Assert.Equal("lossy", Migration.Plan<V1.State, V2.State>().Reversible);
            var plan = Migration.Plan<V1.Seen, Refused>();
            Assert.False(plan.Possible);
            Assert.Contains("Required", Assert.Single(plan.Problems), StringComparison.Ordinal);
            Assert.Equal(["Seen.Mood"], plan.Removed);
            Assert.Contains("State.Log[].Read: is new, and is lost on the way back", Migration.Plan<V1.State, V2.State>().Losses);
            return Task.CompletedTask;
        }

        [Fact(Timeout = 60_000)]
        public Task An_upgrade_applies_to_its_old_shape()
        {
            Assert.Equal(new Price(1250), Migration.Map<PriceV1, Price>(new PriceV1(12.5m)));
            return Task.CompletedTask;
        }

        [Fact(Timeout = 60_000)]
        public Task A_downgrade_applies_on_the_way_back_alone()
        {
            Assert.Equal(new PriceV1(12.5m), Migration.Map<Price, PriceV1>(new Price(1250), rollback: true));
            Assert.Equal("yes", Migration.Plan<PriceV1, Price>().Reversible);
            Assert.Equal(new PriceV1(0), Migration.Map<Price, PriceV1>(new Price(1250)));
            return Task.CompletedTask;
        }

        [Fact(Timeout = 60_000)]
        public Task Up_and_down_again_is_the_same_with_shared_and_nested_data()
        {
            var seen = new V1.Seen("hi", V1.Mood.Sad);
            var up = Migration.Map<V1.State, V2.State>(new V1.State(3, [seen, seen], "ann"));
            Assert.Same(up.Log[0], up.Log[1]);
            var down = Migration.Map<V2.State, V1.State>(up, rollback: true);
            Assert.Equal((3, "ann", seen), (down.Count, down.Nick, down.Log[1]));
            Assert.Same(down.Log[0], down.Log[1]);
            return Task.CompletedTask;
        }

        [Fact(Timeout = 60_000)]
        public Task A_generic_type_may_get_other_arguments()
        {
            Assert.Equal(new V2.Pair<long>(1, 2), Migration.Map<V1.Pair<int>, V2.Pair<long>>(new(1, 2)));
            Assert.Equal(["Pair<Int32>.A: a Int64 may not fit Int32 on the way back", "Pair<Int32>.B: a Int64 may not fit Int32 on the way back"], Migration.Plan<V1.Pair<int>, V2.Pair<long>>().Losses);
            Assert.Equal(new V1.Pair<int>(1, 2), Migration.Map<V2.Pair<long>, V1.Pair<int>>(new(1, 2), rollback: true));
            Assert.False(Migration.Plan<V1.Pair<long>, V2.Pair<int>>().Possible);
            return Task.CompletedTask;
        }

        [Fact(Timeout = 60_000)]
        public Task What_an_upgrade_throws_is_told_with_the_path()
        {
            var problem = Assert.Throws<MigrationException>(() => Migration.Map<PriceV1, Price>(new PriceV1(decimal.MaxValue)));
            Assert.Contains("Upgrade threw OverflowException", problem.Message, StringComparison.Ordinal);
            return Task.CompletedTask;
        }

        private sealed record Refused(string Text, string Required);

        private sealed record PriceV1(decimal Euros);

        private sealed record Price(long Cents) : IUpgrade<PriceV1, Price>, IDowngrade<Price, PriceV1>
        {
            public static Price Upgrade(PriceV1 old) => new((long)(old.Euros * 100));

            public static PriceV1 Downgrade(Price current) => new(current.Cents / 100m);
        }
    }
}

namespace WatchReload.Testing.Tests.V1
{
    internal enum Mood
    {
        Sad,
        Glad,
    }

    internal sealed record State(int Count, List<Seen> Log, string Nick);

    internal sealed record Seen(string Text, Mood Mood);

    internal sealed record Pair<T>(T A, T B);
}

namespace WatchReload.Testing.Tests.V2
{
    internal enum Mood
    {
        Glad,
        Sad,
    }

    internal sealed record State(long Count, List<Seen> Log, [FormerName("Nick")] string Name);

    internal sealed record Seen(string Text, Mood Mood, bool Read = false);

    internal sealed record Pair<T>(T A, T B);
}
