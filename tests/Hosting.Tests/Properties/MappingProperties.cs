using FsCheck;
using FsCheck.Fluent;
using WatchReload.Hosting.Tests.Upgrading.Mapping;
using WatchReload.Hosting.Upgrading.Mapping;
using Xunit.Sdk;

namespace WatchReload.Hosting.Tests.Properties;

public sealed class MappingProperties
{
    private const int Shapes = 16;
    private const int RefusedShapes = 8;
    private const int GraphsOfEach = 30;
    private const int MostDecisions = 800;

    private static readonly CodeVersion s_contracts = CodeVersion.Named("Contracts", GeneratedShape.Contracts);
    private static readonly CodeVersion s_empty = CodeVersion.Of("", s_contracts);

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
    public Task A_shape_that_has_no_way_is_refused_and_each_member_is_named()
    {
        Seeded.Check(Prop.ForAll(Tape(MostDecisions).ToArbitrary(), IsRefused), RefusedShapes);
        return Task.CompletedTask;
    }

    private static void Arrives(Case made)
    {
        var shape = new GeneratedShape(made.Shape);
        var (first, second) = Versions(shape);
        var forward = new Change(first, second, MappingDirection.Forward, s_contracts);
        var back = new Change(second, first, MappingDirection.Rollback, s_contracts);
        var fails = second.Type("Made.Weather").GetField("Fails")!;
        foreach (var change in new[] { forward, back })
        {
            var plan = change.Plan("Made.State");
            Assert.True(plan.Possible, $"{string.Join('\n', plan.Problems)}\n{shape.Before}\n{shape.After}");
        }

        foreach (var graph in made.Graphs)
        {
            var old = new GeneratedGraph(first.Assembly, s_contracts.Assembly, graph).State();
            var before = Shown.Of(old);
            try
            {
                fails.SetValue(null, true);
                if (Record.Exception(() => forward.Set.Map(old)) is { } failure) Assert.Contains("bad weather", Assert.IsType<MappingException>(failure).Message, StringComparison.Ordinal);
                Assert.Equal(before, Shown.Of(old));
                fails.SetValue(null, false);
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
        var (first, second) = Versions(shape);
        var plan = new Change(first, second, MappingDirection.Forward, s_contracts).Plan("Made.State");
        Assert.Equal(2, plan.Problems.Count);
        Assert.Contains(plan.Problems, problem => problem.Contains("State.Bad: ", StringComparison.Ordinal));
        Assert.Contains(plan.Problems, problem => problem.Contains("State.BadElements[]: ", StringComparison.Ordinal));
    }

    private static (CodeVersion First, CodeVersion Second) Versions(GeneratedShape shape) => (s_empty.Again(shape.Before, s_contracts), s_empty.Again(shape.After, s_contracts));

    private static Gen<int[]> Tape(int longest) =>
        from length in Gen.Choose(0, longest)
        from numbers in Gen.Choose(0, 1000).ArrayOf(length)
        select numbers;

    private sealed record Case(int[] Shape, int[][] Graphs)
    {
        public override string ToString() => $"shape [{string.Join(", ", Shape)}], {Graphs.Length} graphs";
    }
}
