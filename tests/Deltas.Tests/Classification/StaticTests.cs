namespace WatchReload.Deltas.Tests.Classification;

public sealed class StaticTests
{
    private const string More = """
        public sealed record Point(int X, int Y) { public static Point Zero { get; } = new(0, 0); public int Z { get; init; } = 3; }
        public sealed record Worked(int X) { public int Y { get; } = Code.Compute(); }
        public sealed class Bag { public int X; }
        public static class Code { public static int Compute() => 1; }
        """;

    [Theory(Timeout = 60_000)]
    [InlineData("const int X = 1;")]
    [InlineData("static readonly string X = \"a\" + 1;")]
    [InlineData("static readonly TimeSpan X = TimeSpan.FromSeconds(10);")]
    [InlineData("static readonly ActorName<string> X = new(\"a\");")]
    [InlineData("static readonly string[] X = [\"a\", \"b\"];")]
    [InlineData("static readonly Point X = new(1, 2);")]
    [InlineData("static Point X { get; } = Point.Zero;")]
    [InlineData("static readonly System.Collections.Immutable.ImmutableArray<Point> X = [new(1, 2)];")]
    [InlineData("static readonly Func<int, int> X = x => x + 1;")]
    [InlineData("static int X => Code.Compute();")]
    [InlineData("static readonly object X = new();")]
    [InlineData("static readonly string X = typeof(C).Assembly.GetName().Name!;")]
    [InlineData("static readonly string X = System.Reflection.CustomAttributeExtensions.GetCustomAttributes<System.Reflection.AssemblyMetadataAttribute>(typeof(C).Assembly).Single(a => a.Key == \"Build\").Value!;")]
    public void Statics_are_fixed_when_nobody_can_change_them_and_no_code_of_the_service_made_them(string member) => Assert.Null(Doubt(member));

    [Theory(Timeout = 60_000)]
    [InlineData("static int X;")]
    [InlineData("static int X { get; set; }")]
    [InlineData("static event Action? X;")]
    [InlineData("static C() { }")]
    [InlineData("static readonly List<int> X = [];")]
    [InlineData("static readonly Lazy<int> X = new(() => 1);")]
    [InlineData("static readonly Bag X = new();")]
    [InlineData("static readonly int X = Code.Compute();")]
    [InlineData("static readonly Worked X = new(1);")]
    [InlineData("static readonly Point X = Point.Zero with { X = 2 };")]
    [InlineData("static readonly int[] X = Enumerable.Range(0, 3).Select(_ => Code.Compute()).ToArray();")]
    [InlineData("[ThreadStatic] static int X;")]
    [InlineData("static readonly int X = typeof(C).GetMethods().Length;")]
    [InlineData("static readonly System.Collections.Frozen.FrozenDictionary<string, Func<int>> X = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(typeof(C).GetMethods().Select(m => (Func<int>)Delegate.CreateDelegate(typeof(Func<int>), m)), f => f.ToString()!);")]
    [InlineData("static readonly int X = typeof(C).Assembly.GetTypes().Length;")]
    [InlineData("static readonly int X = ((Func<Type, int>)(t => t.GetHashCode()))(typeof(C));")]
    [InlineData("static int X => field++;")]
    public void Statics_may_hold_state_when_code_can_put_it_there_or_has_computed_it(string member) => Assert.NotNull(Doubt(member));

    private static string? Doubt(string member) => Difference.StaticDoubt(CompiledAssembly.From("Statics", $"public class C {{ {member} }}\n{More}").Compilation);
}
