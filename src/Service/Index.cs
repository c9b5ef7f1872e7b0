using System.Diagnostics;
using Microsoft.Extensions.Logging;
using WatchReload.Actors;

namespace WatchReload.Service;

/// <summary>Knows who is here: gives out names, frees them, and passes on what is meant for all.</summary>
/// <remarks>
/// It watches every connection that has a name. However that connection ends, its name becomes free.
/// </remarks>
public sealed class Index(ILogger<Index> log) : Behavior<IndexState, IndexMessage>
{
    public override ValueTask<IndexState> Receive(IndexState s, IndexMessage m, Context self) => new(m switch
    {
        IndexMessage.Join join => Join(s, join, self),
        IndexMessage.Leave leave => Leave(s, leave, self),
        IndexMessage.Who who => Who(s, who),
        IndexMessage.Say say => Say(s, say),
        IndexMessage.CodeChanged change => CodeChanged(s, change),
        _ => throw new UnreachableException(),
    });

    public override ValueTask<IndexState> Terminated(IndexState s, Terminated who, Context self) => new(s.Without(who.Actor));

    private static IndexState Join(IndexState s, IndexMessage.Join join, Context self)
    {
        if (s.ByName.ContainsKey(join.Name))
        {
            join.From.Send(new ConnectionMessage.Taken(join.Name));
            return s;
        }

        self.Watch(join.From.Id);
        join.From.Send(new ConnectionMessage.Joined(join.Name));
        return s.With(join.Name, join.From);
    }

    private static IndexState Leave(IndexState s, IndexMessage.Leave leave, Context self)
    {
        self.Unwatch(leave.From.Id);
        leave.From.Send(new ConnectionMessage.Left());
        return s.Without(leave.From.Id);
    }

    private static IndexState Who(IndexState s, IndexMessage.Who who)
    {
        who.From.Send(new ConnectionMessage.Present([.. s.ByName.Keys]));
        return s;
    }

    private static IndexState Say(IndexState s, IndexMessage.Say say)
    {
        var said = new ConnectionMessage.Said(say.Name, say.Text);
        foreach (var connection in s.ByName.Values)
        {
            if (connection != say.From) connection.Send(said);
        }

        return s;
    }

    private IndexState CodeChanged(IndexState s, IndexMessage.CodeChanged change)
    {
        Log.IndexChanged(log, change.FromVersion, change.ToVersion, s.ByName.Count);
        var changed = new ConnectionMessage.CodeChanged(change.FromVersion, change.ToVersion);
        foreach (var connection in s.ByName.Values) connection.Send(changed);
        return s;
    }
}
