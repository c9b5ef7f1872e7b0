using System.Runtime.CompilerServices;
using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

public class UnloadingTests
{
    private const string V1 = """
        using System.Collections.Immutable;
        enum Kind { A, B } record struct Mark(int X); record Item(string Name); abstract record Message; record Join(Item Who) : Message; class ByName : IEqualityComparer<Item> { public bool Equals(Item? a, Item? b) => a == b; public int GetHashCode(Item i) => 1; }
        record Link(int A, Link? Next); record Pair<T, U>(T A, U B);
        record State(Item I, List<Item> L, Dictionary<Item, Mark> D, HashSet<Item> S, ImmutableDictionary<string, Item> M, Message Q, object O, Kind K, (Item, int) T, Mark? N, ActorRef<Message> R, Item[,] G, long W, Link Chain, List<Pair<int, Item>> P);
        static class Test { static object Make() { var i = new Item("a"); return new State(i, [i], new() { [i] = new(1) }, new([i], new ByName()), ImmutableDictionary<string, Item>.Empty.Add("k", i), new Join(i), new List<object> { i }, Kind.B, (i, 1), new Mark(3), default, new[,] { { i } }, 5, new(1, new(2, null)), [new(1, i)]); } static object Show(State s) => s.I.Name; static object? Fail() => new Link(1, null); }
        """;

    private static readonly string s_v2 = V1.Replace("record Item(string Name)", "record ItemV1(string Name); record Item(string Name, int Size) : IUpgrade<ItemV1, Item> { public static Item Upgrade(ItemV1 o) => new(o.Name, 1); }", StringComparison.Ordinal)
        .Replace("enum Kind { A, B }", "enum Kind { B, A }", StringComparison.Ordinal)
        .Replace("new Item(\"a\")", "new Item(\"a\", 2)", StringComparison.Ordinal)
        .Replace("long W", "decimal W, List<int> Added", StringComparison.Ordinal).Replace("5, new(1,", "5, [], new(1,", StringComparison.Ordinal)
        .Replace("List<int> Added", "List<int>? Added", StringComparison.Ordinal)
        .Replace("Pair<int, Item>> P", "Pair<long, Item>> P", StringComparison.Ordinal)
        .Replace("record Link(int A, Link? Next)", "record Link(int A, Link? Next) { public string Text { get; init; } = \"t\"; }", StringComparison.Ordinal);

    [Fact(Timeout = 60_000)]
    public async Task Old_version_unloads_while_the_set_of_the_new_one_lives()
    {
        await Task.Yield();
        var v2 = CodeVersion.Of(s_v2);
        var set = SetFor(v2, MappingDirection.Forward);
        Assert.True(CodeVersion.IsCollected(MapFrom(V1, set, v2)));
        Assert.True(CodeVersion.IsCollected(MapFrom(V1, set, v2)));
        GC.KeepAlive(set);
    }

    [Fact(Timeout = 60_000)]
    public async Task Old_version_unloads_after_a_rollback_and_after_failures()
    {
        await Task.Yield();
        var v1 = CodeVersion.Of(V1);
        var set = SetFor(v1, MappingDirection.Rollback);
        Assert.True(CodeVersion.IsCollected(FailFrom(s_v2, set)));
        GC.KeepAlive(set);
    }

    [Fact(Timeout = 60_000)]
    public async Task New_version_unloads_while_an_old_one_lingers()
    {
        await Task.Yield();
        var v1 = CodeVersion.Of(V1);
        var old = v1.Call("Make")!;
        Assert.True(CodeVersion.IsCollected(MapTo(v1, old)));
        Assert.Equal("a", v1.Call("Show", old));
    }

    [Fact(Timeout = 60_000)]
    public async Task Ten_versions_in_a_row_leave_only_the_last()
    {
        await Task.Yield();
        var contexts = new List<WeakReference>();
        var last = Chain(contexts);
        foreach (var context in contexts) Assert.True(CodeVersion.IsCollected(context));
        GC.KeepAlive(last);
    }

    private static MappingSet SetFor(CodeVersion version, MappingDirection direction) => new Change(version, version, direction).Set;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MapFrom(string source, MappingSet set, CodeVersion target)
    {
        var old = CodeVersion.Of(source);
        var state = old.Call("Make")!;
        var plan = set.Plan([state.GetType()]);
        Assert.True(plan.Possible, string.Join('\n', plan.Problems));
        set.WarmUp();
        Parallel.For(0, 100, _ => Assert.Equal("a", target.Call("Show", set.Map(state))));
        return old.Unload();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference FailFrom(string source, MappingSet set)
    {
        var old = CodeVersion.Of(source);
        var state = old.Call("Make")!;
        Assert.False(set.Plan([state.GetType()]).Possible && set.Map(state) is null);
        Assert.Throws<MappingException>(() => set.Map(old.Call("Fail")!, typeof(string)));
        return old.Unload();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MapTo(CodeVersion old, object state)
    {
        var v2 = CodeVersion.Of(s_v2);
        var set = SetFor(v2, MappingDirection.Forward);
        set.Plan([state.GetType()]);
        set.WarmUp();
        Assert.Equal("a", v2.Call("Show", set.Map(state)));
        return v2.Unload();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static object Chain(List<WeakReference> contexts)
    {
        var current = CodeVersion.Of(V1);
        var state = current.Call("Make")!;
        for (var i = 0; i < 10; i++)
        {
            var next = CodeVersion.Of(V1 + $"static class Stamp{i};");
            var set = SetFor(next, MappingDirection.Forward);
            set.Plan([state.GetType()]);
            state = set.Map(state);
            contexts.Add(current.Unload());
            current = next;
        }

        return state;
    }
}
