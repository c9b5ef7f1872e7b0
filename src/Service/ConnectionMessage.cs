using System.Collections.Immutable;

namespace WatchReload.Service;

/// <summary>What a <see cref="Connection"/> is sent.</summary>
public abstract record ConnectionMessage
{
    private ConnectionMessage()
    {
    }

    /// <summary>The name is this connection's.</summary>
    public sealed record Joined(string Name) : ConnectionMessage;

    /// <summary>The name is another's.</summary>
    public sealed record Taken(string Name) : ConnectionMessage;

    /// <summary>The name is free again.</summary>
    public sealed record Left : ConnectionMessage;

    /// <summary>Everyone's names, sorted.</summary>
    public sealed record Present(ImmutableArray<string> Names) : ConnectionMessage;

    /// <summary>Someone else said it.</summary>
    public sealed record Said(string Name, string Text) : ConnectionMessage;

    /// <summary>The service's code was replaced.</summary>
    public sealed record CodeChanged(int FromVersion, int ToVersion) : ConnectionMessage;

    /// <summary>From this connection's own timer: <see cref="Index"/> has not answered in time.</summary>
    public sealed record NoAnswer : ConnectionMessage;
}
