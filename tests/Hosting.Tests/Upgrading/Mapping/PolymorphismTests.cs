using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

public class PolymorphismTests
{
    [Fact(Timeout = 60_000)]
    public async Task Members_of_interface_and_base_types_go_by_the_object_at_hand()
    {
        await Task.Yield();
        const string Types = "interface IShape; abstract record Animal(string Name); record Dog(string Name, int Age) : Animal(Name); record struct Dot(int X) : IShape; record Box(IShape Inner) : IShape;";
        var change = Change.Of(
            Types + "record Base(int A); sealed record Derived(int A, int B) : Base(A); record State(IShape S, Animal An, object O, Base D, IShape[] All); static class Test { static object Make() => new State(new Box(new Dot(3)), new Dog(\"rex\", 4), new Dog(\"o\", 1), new Derived(1, 2), [new Dot(5)]); }",
            Types.Replace("int Age", "long Age", StringComparison.Ordinal).Replace("int X", "long X", StringComparison.Ordinal) + "record Base(int A); sealed record Derived(int A, long B) : Base(A); record State(IShape S, Animal An, object O, Base D, IShape[] All); static class Test { static object Show(State s) => (((Dot)((Box)s.S).Inner).X, ((Dog)s.An).Age, ((Dog)s.O).Name, ((Derived)s.D).B, ((Dot)s.All[0]).X); }");
        Assert.Equal((3L, 4L, "o", 2L, 5L), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Boxed_struct_with_references_is_mapped()
    {
        await Task.Yield();
        const string Types = "record Item(int A); record struct Held(Item I, List<Item> L); record State(object O, Item I);";
        var change = Change.Of(
            Types + "static class Test { static object Make() { var i = new Item(1); return new State(new Held(i, [i]), i); } }",
            Types + "static class Test { static object Show(State s) => (ReferenceEquals(((Held)s.O).I, s.I), ReferenceEquals(((Held)s.O).L[0], s.I)); }");
        Assert.Equal((true, true), change.Show());
    }

    [Fact(Timeout = 60_000)]
    public async Task Derived_types_are_planned_with_what_declares_them()
    {
        await Task.Yield();
        var change = Change.Of(
            "abstract record Message; record Join(long Seat) : Message; record Leave(int Why) : Message; record Gone : Message; record State(List<Message> Queue);",
            "abstract record Message; record Join(int Seat) : Message; record Leave(long Why) : Message; record State(List<Message> Queue);");
        foreach (var root in (string[])["State", "Message"])
        {
            var plan = change.Plan(root);
            Assert.EndsWith("(Join).Seat: Int64 does not fit Int32; keep the wider type, or write Upgrade", Assert.Single(plan.Problems), StringComparison.Ordinal);
            Assert.Contains("(Gone): Gone is no longer there", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Object_of_a_vanished_derived_type_fails_with_its_path()
    {
        await Task.Yield();
        var change = Change.Of(
            "abstract record Message; record Gone : Message; record State(List<Message> Queue); static class Test { static object Make() => new State([new Gone()]); }",
            "abstract record Message; record State(List<Message> Queue);");
        Assert.StartsWith("State.Queue[0]: Gone is no longer there", change.Failure(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Target_may_be_a_base_of_what_it_becomes()
    {
        await Task.Yield();
        const string Source = "interface IReply; record Yes(int A) : IReply; static class Test { static object Make() => new Yes(1); static object Show(object o) => ((Yes)o).A; }";
        var change = Change.Of(Source, Source);
        Assert.Equal(1, change.New.Call("Show", change.Set.Map(change.Make(), change.New.Type("IReply"))));
        Assert.Equal(5L, change.Set.Map(5, typeof(long)));
        Assert.Equal("text", change.Set.Map("text", typeof(string)));
        Assert.Contains("cannot become System.String", Assert.Throws<MappingException>(() => change.Set.Map(change.Make(), typeof(string))).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Types_that_nest_without_end_are_refused()
    {
        await Task.Yield();
        const string Source = "class Node<T> { public Node<Node<T>>? Next; } class State { public Node<int> Root = new(); }";
        var change = Change.Of(Source, Source);
        Assert.Contains("nest without end", Assert.Single(change.Plan().Problems), StringComparison.Ordinal);
        Assert.Contains("nest without end", Assert.Single(StatePlainDataCheck.Problems(change.Old.Type("State"))), StringComparison.Ordinal);
    }
}
