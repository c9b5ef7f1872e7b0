using WatchReload.Actors;

namespace WatchReload.Bench.Micro.Kernel;

internal sealed class WorkerState
{
    public int Handled { get; set; }
}

/// <summary>Changes its state in place, so that its turns allocate nothing.</summary>
internal sealed class Worker : Behavior<WorkerState, Work>
{
    public override ValueTask<WorkerState> Receive(WorkerState s, Work m, Context self)
    {
        s.Handled++;
        switch (m)
        {
            case Work.Item item:
                item.Countdown.Down();
                break;
            case Work.Ball ball when ball.Countdown.Down():
                ball.Back!.To.Send(ball.Back);
                break;
            case Work.Question question:
                self.Reply(question, s.Handled);
                break;
        }

        return new(s);
    }
}
