using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

internal enum TurnKind
{
    Started,
    Message,
    Terminated,
    Frame,
    FramingFailed,
    Stopping,
}

/// <summary>One call of an actor's behavior.</summary>
/// <param name="Payload">The message as the behavior receives it, the <see cref="Actors.Terminated"/>, or what was wrong with the frame.</param>
/// <param name="Asker">Who waits for a reply, when the message is a request.</param>
/// <param name="Client">On whose behalf the message was sent; null: on nobody's, or it is not known.</param>
internal readonly record struct Turn(TurnKind Kind, object? Payload = null, AskSlot? Asker = null, StartReason Why = default, StopReason Reason = default, ReadOnlyMemory<byte> Frame = default, Client? Client = null)
{
    /// <summary>The next state. Throws only through the task.</summary>
    public ValueTask<object> Run(BehaviorBinding binding, object state, TurnContext context)
    {
        ValueTask<object> task;
        try
        {
            task = Invoke(binding, state, context);
        }
        catch (Exception cause)
        {
            task = ValueTask.FromException<object>(cause);
        }

        return InScope(task, context);
    }

    /// <summary>The same, with the end of the turn's scope. A turn that is suspended may yet ask for one.</summary>
    public static ValueTask<object> InScope(ValueTask<object> turn, TurnContext context) => context.HasScope || !turn.IsCompleted ? EndScope(turn, context) : turn;

    private ValueTask<object> Invoke(BehaviorBinding binding, object state, TurnContext context) => Kind switch
    {
        TurnKind.Message => binding.Receive(state, Payload!, context),
        TurnKind.Frame => binding.Frame(state, Frame, context),
        TurnKind.Started => binding.Started(state, Why, context),
        TurnKind.Terminated => binding.Terminated(state, (Terminated)Payload!, context),
        TurnKind.FramingFailed => Unchanged(binding.FramingFailed(state, (string)Payload!, context), state),
        _ => Unchanged(binding.Stopping(state, Reason, context), state),
    };

    private static ValueTask<object> Unchanged(ValueTask turn, object state)
    {
        return turn.IsCompletedSuccessfully ? new ValueTask<object>(state) : Await(turn, state);

        static async ValueTask<object> Await(ValueTask turn, object state)
        {
            await turn;
            return state;
        }
    }

    private static async ValueTask<object> EndScope(ValueTask<object> turn, TurnContext context)
    {
        try
        {
            return await turn;
        }
        finally
        {
            await context.EndScope();
        }
    }
}

/// <summary>A turn that awaits.</summary>
internal sealed record SuspendedTurn(Turn Turn, ValueTask<object> Task, DateTimeOffset Since);
