namespace WatchReload.Fixtures.Backend;

/// <param name="Uses">How many lines the connection has sent.</param>
public sealed record SessionState(int Uses);

public abstract record SessionMessage
{
    public sealed record Answer(string Text) : SessionMessage;
}
