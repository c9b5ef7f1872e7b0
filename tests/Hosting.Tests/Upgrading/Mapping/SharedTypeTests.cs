using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

/// <summary>A contracts assembly that stays, and a service assembly that is reloaded.</summary>
public class SharedTypeTests
{
    private const string Contracts = "public interface IShape; public record Profile(string Name); public class Envelope { public object? Payload; public Envelope? Next; public List<IShape> Shapes = []; } public sealed record Fixed(int A, List<int> L);";

    [Fact(Timeout = 60_000)]
    public async Task Objects_of_types_that_stay_are_shared()
    {
        await Task.Yield();
        var change = WithContracts(
            "record State(Profile P, Fixed F, Envelope E, List<Profile> L); static class Test { static object Make() { var e = new Envelope { Payload = new List<int> { 1 } }; e.Next = e; return new State(new(\"a\"), new(1, [2]), e, [new(\"b\")]); } static object[] Parts(State s) => [s.P, s.F, s.E, s.L[0]]; static object List(State s) => s.L; }");
        var old = change.Make();
        var fresh = change.Set.Map(old);
        foreach (var (a, b) in ((object[])change.Old.Call("Parts", old)!).Zip((object[])change.New.Call("Parts", fresh)!)) Assert.Same(a, b);
        Assert.NotSame(change.Old.Call("List", old), change.New.Call("List", fresh));
    }

    [Fact(Timeout = 60_000)]
    public async Task Objects_of_types_that_stay_are_copied_when_they_lead_to_a_reloaded_one()
    {
        await Task.Yield();
        var change = WithContracts(
            "record Circle(int R) : IShape; record Vip(string Name) : Profile(Name); record State(Envelope A, Envelope Clean, Profile P); static class Test { static object Make() { var c = new Envelope(); var b = new Envelope { Payload = new Circle(1) }; var a = new Envelope { Next = b, Payload = c }; b.Next = a; b.Shapes.Add((IShape)b.Payload); return new State(a, c, new Vip(\"v\")); } static object Show(State s) => (s.A.Next!.Next == s.A, ((Circle)s.A.Next.Payload!).R, ReferenceEquals(s.A.Next.Shapes[0], s.A.Next.Payload), ReferenceEquals(s.A.Payload, s.Clean), ((Vip)s.P).Name); static object[] Parts(State s) => [s.A, s.A.Next!, s.Clean]; }");
        var old = change.Make();
        var fresh = change.Set.Map(old);
        Assert.Equal((true, 1, true, true, "v"), change.New.Call("Show", fresh));
        var (before, after) = ((object[])change.Old.Call("Parts", old)!, (object[])change.New.Call("Parts", fresh)!);
        Assert.NotSame(before[0], after[0]);
        Assert.NotSame(before[1], after[1]);
        Assert.Same(before[2], after[2]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Types_that_cannot_hold_a_reloaded_one_are_identity()
    {
        await Task.Yield();
        var change = WithContracts("record State(int A); static class Test { static object Make() => new Envelope { Payload = new State(1) }; static object Clean() => new Envelope(); }");
        Assert.True(change.Set.IsIdentity(typeof(string)));
        Assert.True(change.Set.IsIdentity(typeof(List<int>)));
        Assert.True(change.Set.IsIdentity(change.Make().GetType().Assembly.GetType("Profile")!));
        Assert.True(change.Set.IsIdentity(change.Make().GetType().Assembly.GetType("Fixed")!));
        Assert.False(change.Set.IsIdentity(change.Make().GetType()));
        Assert.False(change.Set.IsIdentity(change.Old.Type("State")));
        var (dirty, clean) = (change.Make(), change.Old.Call("Clean")!);
        Assert.NotSame(dirty, change.Set.Map(dirty));
        Assert.Same(clean, change.Set.Map(clean));
        var list = new List<object> { clean };
        Assert.Same(list, change.Set.Map(list));
        list.Add(dirty);
        Assert.NotSame(list, change.Set.Map(list));
    }

    [Fact(Timeout = 60_000)]
    public async Task Immutable_collection_of_shared_objects_is_shared()
    {
        await Task.Yield();
        var change = WithContracts("record State(System.Collections.Immutable.ImmutableList<Profile> L, System.Collections.Immutable.ImmutableList<object> O); static class Test { static object Make() => new State([new(\"a\")], [new Profile(\"b\")]); static object[] Parts(State s) => [s.L, s.O]; }");
        var old = change.Make();
        var fresh = change.Set.Map(old);
        foreach (var (a, b) in ((object[])change.Old.Call("Parts", old)!).Zip((object[])change.New.Call("Parts", fresh)!)) Assert.Same(a, b);
    }

    /// <summary>A first look goes into few of them, and not round in a circle; the walk tells the rest.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    public async Task Objects_that_stay_are_told_from_those_that_lead_to_a_reloaded_one_however_many_there_are(int count)
    {
        await Task.Yield();
        var change = WithContracts("""
            record Circle(int R) : IShape; record struct Held(object What, int N);
            static class Test
            {
                static (Envelope First, Envelope Last) Chain(int count) { Envelope first = new(), last = first; for (; count > 1; count--) last = last.Next = new(); return (first, last); }
                static object Clean(int count) => Chain(count).First;
                static object Ring(int count) { var (first, last) = Chain(count); last.Next = first; return first; }
                static object Make(int count, int how)
                {
                    var (first, last) = Chain(count);
                    if (how == 0) last.Payload = new Circle(1);
                    else if (how == 1) last.Shapes.Add(new Circle(1));
                    else if (how == 2) last.Payload = new object[] { "text", new Circle(1) };
                    else if (how == 3) last.Payload = new KeyValuePair<string, object>("text", new Circle(1));
                    else last.Payload = new Dictionary<string, object> { ["text"] = new Circle(1) };
                    return first;
                }
            }
            """);
        foreach (var clean in new[] { change.Old.Call("Clean", count)!, change.Old.Call("Ring", count)! }) Assert.Same(clean, change.Set.Map(clean));
        Assert.Equal(count <= 16, change.Set.FirstLook.IsClean(change.Old.Call("Clean", count)!));
        for (var how = 0; how < 5; how++)
        {
            var dirty = change.Make(count, how);
            Assert.False(change.Set.FirstLook.IsClean(dirty));
            Assert.NotSame(dirty, change.Set.Map(dirty));
        }
    }

    /// <summary>What <c>Upgrade</c> is given of them is shared as everywhere. So it must not change it: see docs/upgrading.md.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Objects_of_types_that_stay_are_the_serving_ones_for_Upgrade_too()
    {
        await Task.Yield();
        var change = WithContracts(
            "record State(Fixed F, List<Fixed> All); static class Test { static object Make() { var f = new Fixed(1, [2]); return new State(f, [f]); } static object Show(State s) => (s.F.L.Count, s.All.Count); }",
            "record StateV1(Fixed F, List<Fixed> All); record State(Fixed F, List<Fixed> All, int Added) : IUpgrade<StateV1, State> { public static State Upgrade(StateV1 old) { old.F.L.Add(3); old.All.Clear(); throw new InvalidOperationException(); } }");
        var serving = change.Make();

        Assert.Throws<MappingException>(() => change.Set.Map(serving));

        Assert.Equal((2, 1), change.Old.Call("Show", serving));
    }

    private static Change WithContracts(string service) => WithContracts(service, service);

    private static Change WithContracts(string before, string after)
    {
        var contracts = CodeVersion.Named("Contracts", Contracts);
        return new Change(CodeVersion.Of(before, contracts), CodeVersion.Of(after, contracts), MappingDirection.Forward, contracts);
    }
}
