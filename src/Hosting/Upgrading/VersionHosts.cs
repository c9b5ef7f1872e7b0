using Microsoft.Extensions.Hosting;

namespace WatchReload.Hosting.Upgrading;

/// <summary>A version's hosted services between their start and their stop: these very objects, as its container may make others of each.</summary>
internal sealed class VersionHosts
{
    private readonly Lock _turning = new();
    private readonly SortedDictionary<int, IHostedService> _begun = [];
    private bool _ended;

    /// <summary>Their stop has begun.</summary>
    public bool HaveEnded
    {
        get
        {
            lock (_turning) return _ended;
        }
    }

    /// <summary>It is about to be started, or further so, and will be stopped. False: the stop has begun, and it must not be started any more.</summary>
    /// <param name="place">In the order in which they were declared.</param>
    /// <param name="service">To be started.</param>
    public bool Begin(int place, IHostedService service)
    {
        lock (_turning)
        {
            if (!_ended) _begun[place] = service;
            return !_ended;
        }
    }

    /// <summary>Those that have begun, in the order in which they were declared; from now on none does.</summary>
    public IReadOnlyList<IHostedService> End()
    {
        lock (_turning)
        {
            _ended = true;
            IReadOnlyList<IHostedService> begun = [.. _begun.Values];
            _begun.Clear();
            return begun;
        }
    }
}
