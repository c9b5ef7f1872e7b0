using WatchReload.Actors;

namespace WatchReload.Fixtures.KeyValue;

internal static class Questions
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>Asks the store outside turns. No further request is taken until the outcome has come, so answers keep their order.</summary>
    public static void AskStore(this IConnectionContext<SessionMessage> self, StoreMessage question)
    {
        var store = self.Find(Store.Name);
        self.HoldFrames();
        self.Pipe(
            _ => store.Ask(question, Deadline).AsTask(),
            reply => new SessionMessage.Answered(question, reply),
            why => new SessionMessage.Failed(why));
    }
}
