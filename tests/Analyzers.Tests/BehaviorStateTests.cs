namespace WatchReload.Analyzers.Tests;

public sealed class BehaviorStateTests
{
    private const string Receive = "public override ValueTask<int> Receive(int s, string m, Context self)";

    [Theory(Timeout = 60_000)]
    [InlineData("int _count; public int C => _count++;", "WR0003 _count")]
    [InlineData("public int Count { get; set; }", "WR0003 Count")]
    [InlineData("public int Count { get; private set; }", "WR0003 Count")]
    [InlineData("readonly Dictionary<int, int> _seen = [];", "WR0003 _seen")]
    [InlineData("readonly List<int> _all; public Actor(IServiceProvider p) { _all = new(); }", "WR0003 _all")]
    [InlineData("readonly byte[] _buffer = new byte[100];", "WR0003 _buffer")]
    [InlineData("event Action? Changed; void Use() => Changed?.Invoke();", "WR0003 Changed")]
    public async Task Behavior_that_keeps_something_of_its_own_is_a_warning(string member, string mark)
        => Assert.Equal([mark], await Analyzed.Marks($$"""public sealed class Actor : Behavior<int, string> { {{Receive}} => new(s); {{member}} }"""));

    [Theory(Timeout = 60_000)]
    [InlineData("readonly IServiceProvider _p; public Actor(IServiceProvider p) { _p = p; }")]
    [InlineData("public IServiceProvider P { get; } public Actor(IServiceProvider p) { P = p; }")]
    [InlineData("readonly IDictionary<int, int> _shared; public Actor(IDictionary<int, int> shared) { _shared = shared; }")]
    [InlineData("readonly string[] _names = [\"a\"]; readonly TimeSpan _limit = TimeSpan.FromSeconds(1); const int Most = 1;")]
    [InlineData("public int Twice => 2; public int Other { get => 1; set { } }")]
    public async Task Injected_and_fixed_members_are_none(string member)
        => Assert.Empty(await Analyzed.Marks($$"""public sealed class Actor : Behavior<int, string> { {{Receive}} => new(s); {{member}} }"""));

    [Fact(Timeout = 60_000)]
    public async Task Parameter_of_the_primary_constructor_is_a_warning_when_a_turn_assigns_it()
    {
        Assert.Equal(["WR0003 count"], await Analyzed.Marks($$"""public sealed class Actor(int count) : Behavior<int, string> { {{Receive}} { count++; return new(count); } }"""));
        Assert.Empty(await Analyzed.Marks($$"""public sealed class Actor(int s, IServiceProvider p) : Behavior<int, string> { {{Receive}} { s = 1; return new(p.GetHashCode()); } int Start { get; } = s; }"""));
        Assert.Empty(await Analyzed.Marks("public sealed record Data(int Count); public sealed class Actor(int Count) : Behavior<Data, string> { public override ValueTask<Data> Receive(Data s, string m, Context self) => new(s with { Count = s.Count + Count }); }"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Base_class_and_connection_are_behaviors_too_and_nothing_else_is()
    {
        var marks = await Analyzed.Marks("""
            public abstract class Base<T> : Behavior<int, T> where T : notnull { protected int Shared; }
            public sealed class Actor : Base<string> { public override ValueTask<int> Receive(int s, string m, Context self) => new(s + Shared); }
            public sealed class Peer : ConnectionBehavior<int, string>
            {
                int _frames;
                public override ValueTask<int> Frame(int s, ReadOnlyMemory<byte> frame, Context self) => new(_frames++);
                public override ValueTask<int> Receive(int s, string m, Context self) => new(s);
            }
            public sealed class Cache { public int Hits { get; set; } }
            """);
        Assert.Equal(["WR0003 Shared", "WR0003 _frames"], marks);
    }
}
