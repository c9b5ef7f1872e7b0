namespace WatchReload.Analyzers.Tests.Upgrades;

public sealed class UpgradeAnalyzerTests
{
    [Theory(Timeout = 60_000)]
    // WR0004: not declared
    [InlineData("public record V1(int A); public record State(long A) { public static State Upgrade(V1 old) => new(old.A); }", "WR0004 Upgrade")]
    [InlineData("public record V1(int A); public record State(long A) { private static State Upgrade(V1 old) => new(old.A); }", "WR0004 Upgrade")]
    [InlineData("public record StateV1(int A); public record State(long A) { public static object Upgrade(StateV1 old) => new State(old.A); }", "WR0004 Upgrade")]
    [InlineData("public record V1(int A); public record State(long A) { public static V1 Downgrade(State now) => new((int)now.A); }", "WR0004 Downgrade")]
    // WR0005: of another type
    [InlineData("public record V1(int A); public record State(Inner I) : IUpgrade<V1, Inner> { static Inner IUpgrade<V1, Inner>.Upgrade(V1 old) => new(old.A); } public record Inner(long A) : IUpgrade<V1, Inner> { public static Inner Upgrade(V1 old) => new(old.A); }", "WR0005 Upgrade")]
    // WR0006: one shape
    [InlineData("public record V1(int A); public record State(int A) : IUpgrade<V1, State> { public static State Upgrade(V1 old) => new(old.A); }", "WR0006 Upgrade")]
    [InlineData("public record V1(int A, Sub S); public record Sub(string T); public record Now(string T); public record State(int A, Now S) : IDowngrade<State, V1> { public static V1 Downgrade(State s) => new(s.A, new(\"\")); }", "WR0006 Downgrade")]
    [InlineData("public enum Old { A, B } public enum New { B, A } public record V1(List<Old> M); public record State(List<New> M) : IUpgrade<V1, State> { public static State Upgrade(V1 old) => new([]); }", "WR0006 Upgrade")]
    // WR0007: two ways
    [InlineData("public record V1(int A); public record W1(int A); public record State(long A) : IUpgrade<V1, State>, IUpgrade<W1, State> { public static State Upgrade(V1 old) => new(old.A); public static State Upgrade(W1 old) => new(old.A); }", "WR0007 State")]
    [InlineData("public record V1(int A); public record V2(string A) : IUpgrade<V1, V2> { public static V2 Upgrade(V1 old) => new(\"\"); } public record State(long A) : IUpgrade<V1, State>, IUpgrade<V2, State> { public static State Upgrade(V1 old) => new(old.A); public static State Upgrade(V2 old) => new(1); }", "WR0007 State")]
    // WR0008: no object had that type
    [InlineData("public interface IOld { int A { get; } } public record State(long A) : IUpgrade<IOld, State> { public static State Upgrade(IOld old) => new(old.A); }", "WR0008 Upgrade")]
    [InlineData("public abstract record Old(int A); public record State(long A) : IUpgrade<Old, State> { public static State Upgrade(Old old) => new(old.A); }", "WR0008 Upgrade")]
    [InlineData("public record State(long A) : IUpgrade<object, State> { public static State Upgrade(object old) => new(1); }", "WR0008 Upgrade")]
    [InlineData("public record Old(Stream S); public record State(long A) : IUpgrade<Old, State> { public static State Upgrade(Old old) => new(old.S.Length); }", "WR0008 Upgrade")]
    // WR0009: nobody has it
    [InlineData("public record V1(int A); public record V2(string A) : IUpgrade<V1, V2> { public static V2 Upgrade(V1 old) => new(\"\"); } public record State(long A);", "WR0009 Upgrade")]
    public async Task What_cannot_apply_is_a_warning(string source, string mark) => Assert.Equal([mark], await Analyzed.Marks(source + Analyzed.Around));

    [Theory(Timeout = 60_000)]
    [InlineData("public record V1(int A); public record State(long A) : IUpgrade<V1, State>, IDowngrade<State, V1> { public static State Upgrade(V1 old) => new(old.A); public static V1 Downgrade(State now) => new((int)now.A); }")]
    [InlineData("public record V1(int A); public record V2(string A) : IUpgrade<V1, V2> { public static V2 Upgrade(V1 old) => new(\"\"); } public record State(long A) : IUpgrade<V2, State> { static State IUpgrade<V2, State>.Upgrade(V2 old) => new(1); }")]
    [InlineData("public record struct Money(decimal Amount) : IUpgrade<int, Money> { public static Money Upgrade(int cents) => new(cents / 100m); } public record State(Dictionary<string, Money?> All);")]
    [InlineData("public record V1<T>(T A); public record Pair<T>(T A, T B) : IUpgrade<V1<T>, Pair<T>> { public static Pair<T> Upgrade(V1<T> old) => new(old.A, old.A); } public record State(Pair<int> P);")]
    [InlineData("public record V1(int A); public record Go(long A) : Message, IUpgrade<V1, Go> { public static Go Upgrade(V1 old) => new(old.A); } public record State(int A);")]
    [InlineData("public record V1(int A); public record Reply(long A) : IUpgrade<V1, Reply> { public static Reply Upgrade(V1 old) => new(old.A); } public record Ask : Message, IRequest<Message, Reply>; public record State(int A);")]
    [InlineData("public record V1(int A); public record Any(long A) : IUpgrade<V1, Any> { public static Any Upgrade(V1 old) => new(old.A); } public record State(object A);")]
    [InlineData("public record Part(int Level) { public static Part Upgrade(Part part) => new(part.Level + 1); } public record Tool(int Level) { public static int Upgrade(Part part) => part.Level; } public record State(Part P, Tool T);")]
    [InlineData("public record V1(string Kind, int A); public abstract record State : IUpgrade<V1, State> { public static State Upgrade(V1 old) => new Round(old.A); } public record Round(int R) : State;")]
    public async Task What_applies_is_none(string source) => Assert.Empty(await Analyzed.Marks(source + Analyzed.Around));

    [Fact(Timeout = 60_000)]
    public async Task Message_names_the_remedy() => Assert.Equal(
        ["'Upgrade' is never called; declare 'IUpgrade<StateV1, State>' on 'State', and return 'State', and make it public"],
        await Analyzed.Messages("public record StateV1(int A); public record State(long A) { internal static object Upgrade(StateV1 old) => new State(old.A); }" + Analyzed.Around));

    [Fact(Timeout = 60_000)]
    public async Task Types_of_a_library_may_be_used_elsewhere() => Assert.Empty(await Analyzed.Marks(
        "public record V1(int A); public record Shared(long A) : IUpgrade<V1, Shared> { public static Shared Upgrade(V1 old) => new(old.A); }"));
}
