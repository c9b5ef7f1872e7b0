using FsCheck;
using FsCheck.Fluent;
using WatchReload.Hosting.Tests.Upgrading.Mapping;
using WatchReload.Hosting.Upgrading.Mapping;
using Xunit.Sdk;

namespace WatchReload.Hosting.Tests.Properties;

public sealed class MappingProperties
{
    private const int Shapes = 8;
    private const int GraphsOfEach = 60;
    private const int MostDecisions = 800;

    /// <summary>Types are compiled once for many graphs: the compiler is the dearest part.</summary>
    private static readonly Gen<Case> Cases =
        from shape in Tape(MostDecisions)
        from graphs in Tape(400).ListOf(GraphsOfEach)
        select new Case(shape, [.. graphs]);

    [Fact(Timeout = 240_000)]
    public Task Every_graph_of_any_shape_arrives_whole_and_comes_back_and_leaves_the_old_one_as_it_was()
    {
        Seeded.Check(Prop.ForAll(Cases.ToArbitrary(), Arrives), Shapes);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 120_000)]
    public Task A_shape_that_has_no_way_is_refused_and_the_member_is_named()
    {
        Seeded.Check(Prop.ForAll(Tape(MostDecisions).ToArbitrary(), IsRefused), Shapes);
        return Task.CompletedTask;
    }

    private static void Arrives(Case made)
    {
        var shape = new GeneratedShape(made.Shape);
        var (first, second) = (CodeVersion.Of(shape.Before), CodeVersion.Of(shape.After));
        var forward = new Change(first, second, MappingDirection.Forward);
        var back = new Change(second, first, MappingDirection.Rollback);
        foreach (var change in new[] { forward, back })
        {
            var plan = change.Plan("Made.State");
            Assert.True(plan.Possible, $"{string.Join('\n', plan.Problems)}\n{shape.Before}\n{shape.After}");
        }

        foreach (var graph in made.Graphs)
        {
            var old = new GeneratedGraph(first.Assembly, graph).State();
            var before = Shown.Of(old);
            try
            {
                var arrived = forward.Set.Map(old);
                Assert.Equal(Shown.Of(old, shape.Removed, shape.Added), Shown.Of(arrived));
                Assert.Equal(Shown.Of(old, shape.Removed, shape.Removed), Shown.Of(back.Set.Map(arrived)));
                Assert.Equal(before, Shown.Of(old));
            }
            catch (Exception failure)
            {
                throw new XunitException($"{failure}\n{before}\n{shape.Before}\n{shape.After}", failure);
            }
        }
    }

    private static void IsRefused(int[] tape)
    {
        var shape = new GeneratedShape(tape, refused: true);
        var plan = new Change(CodeVersion.Of(shape.Before), CodeVersion.Of(shape.After), MappingDirection.Forward).Plan("Made.State");
        Assert.Contains("State.Bad: ", Assert.Single(plan.Problems), StringComparison.Ordinal);
    }

    private static Gen<int[]> Tape(int longest) =>
        from length in Gen.Choose(0, longest)
        from numbers in Gen.Choose(0, 1000).ArrayOf(length)
        select numbers;

    private sealed record Case(int[] Shape, int[][] Graphs)
    {
        public override string ToString() => $"shape [{string.Join(", ", Shape)}], {Graphs.Length} graphs";
    }
}
