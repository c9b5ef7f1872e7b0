using System.Net;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Peers;

/// <summary>A running chat whose code is changed while clients are connected.</summary>
internal interface ILivePeer : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Where clients connect.</summary>
    IPEndPoint Endpoint { get; }

    /// <summary>Whether that kind of edit is something that it knows.</summary>
    bool Knows(EditKind kind);

    /// <summary>From nothing until it serves, and has come to rest.</summary>
    Task Start();

    /// <summary>What <c>/version</c> will answer after the next edit of that kind.</summary>
    string NextAnswer(EditKind kind);

    /// <summary>What comes before the edit and is not part of its time: the commit of a push.</summary>
    Task Prepare(EditKind kind) => Task.CompletedTask;

    /// <summary>Makes the edit: saves, and whatever else its recipe asks for. Returns when that is done, which may be before or after the code is live.</summary>
    Task Edit(EditKind kind);

    /// <summary>What has to be over before the next edit is made: the last one, seen from inside.</summary>
    Task Rest();

    /// <summary>Its own account of the last edit, in milliseconds by phase; empty where it gives none.</summary>
    IReadOnlyDictionary<string, double> Phases { get; }
}
