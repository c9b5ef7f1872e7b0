namespace WatchReload.Hosting.Kernel;

/// <summary>A turn that has failed.</summary>
/// <param name="Time">When, as a timestamp.</param>
/// <param name="Owner">The address of the client whose connection the actor is; null when it is none.</param>
/// <param name="Client">On whose behalf it was, as far as that is known.</param>
internal readonly record struct FailedTurn(long Time, long Actor, int Version, string? Owner, ClientConnection? Client)
{
    /// <summary>A client, which has many connections and counts once, or else the actor.</summary>
    public Cause Cause => Owner is null ? new(null, Actor) : new(Owner, 0);
}

/// <summary>Told at all times in the same way, so that it can be compared with what was before.</summary>
internal readonly record struct Cause(string? Address, long Actor);
