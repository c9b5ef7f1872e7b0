using WatchReload.Actors;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

public class HandleTests
{
    [Fact(Timeout = 60_000)]
    public async Task Handles_of_actors_are_carried_over_with_the_types_of_their_messages()
    {
        await Task.Yield();
        const string Types = "interface IMessage; record Answer(int A); record Join(string Name, ReplyTo<Answer> Reply) : IMessage;";
        const string State = "record State(ActorRef<IMessage> Index, List<ActorRef<IMessage>> All, Dictionary<string, ActorRef<IMessage>> ByName, Dictionary<ActorRef<IMessage>, int> Counts, ActorName<IMessage> Name, ActorId Id, ActorRef<IMessage>? Maybe, Join Waiting, Terminated Gone, AcceptedConnection From);";
        var change = Change.Of(
            Types + State + "static class Test { static object Make(object refToMessage, object reply) { var r = (ActorRef<IMessage>)refToMessage; return new State(r, [r, default], new() { [\"k\"] = r }, new() { [r] = 4 }, new(\"index\"), r.Id, r, new(\"ann\", (ReplyTo<Answer>)reply), new(r.Id, StopReason.PeerClosed), new(\"chat\", new System.Net.IPEndPoint(1, 2), new System.Net.DnsEndPoint(\"h\", 3))); } }",
            Types.Replace("int A", "long A", StringComparison.Ordinal) + State + "static class Test { static object Show(State s) => $\"{s.Index.Id.Value} {s.All[0] == s.Index} {s.All[1].IsNone} {s.ByName[\"k\"].Id.Value} {s.Counts[s.Index]} {s.Name.Value} {s.Id.Value} {s.Maybe == s.Index} {s.Waiting.Name} {s.Gone.Reason} {s.From.Remote}\"; }");
        var slot = new AskSlot<object>();
        var old = change.Make(Make(typeof(ActorRef<>), change.Old.Type("IMessage"), new Handle()), Make(typeof(ReplyTo<>), change.Old.Type("Answer"), slot));
        var plan = change.Plan();
        Assert.True(plan.Possible, string.Join('\n', plan.Problems));
        var fresh = change.Set.Map(old);
        Assert.Equal("7 True True 7 4 index 7 True ann PeerClosed 1.0.0.0:2", change.New.Call("Show", fresh));

        var waiting = fresh.GetType().GetProperty("Waiting")!.GetValue(fresh)!;
        var reply = waiting.GetType().GetProperty("Reply")!.GetValue(waiting)!;
        Assert.Equal(reply, Make(typeof(ReplyTo<>), change.New.Type("Answer"), slot));
    }

    [Fact(Timeout = 60_000)]
    public async Task Handle_for_other_messages_is_refused()
    {
        await Task.Yield();
        var change = Change.Of("record A; record B; record State(ActorRef<A> To);", "record A; record B; record State(ActorRef<B> To);");
        Assert.StartsWith("State.To: WatchReload.Actors.ActorRef<A>", change.Problem(), StringComparison.Ordinal);
    }

    private static object Make(Type definition, Type message, object handle) => Activator.CreateInstance(
        definition.MakeGenericType(message), System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic, null, [handle], null)!;

    private sealed class Handle : ActorHandle
    {
        public override ActorId Id => new(7);

        public override void Request(object request, AskSlot slot, TimeSpan deadline) => throw new InvalidOperationException();

        public override void Send(object message) => throw new InvalidOperationException();
    }
}
