using Microsoft.Extensions.Hosting;

namespace WatchReload.Hosting.Upgrading;

/// <summary>A version's hosted services between their start and their stop: these very objects, as its container may make others of each.</summary>
internal sealed class VersionHosts
{
    private readonly Lock _turning = new();
    private readonly List<IHostedService> _begun = [];
    private bool _ended;

    /// <summary>Their stop has begun.</summary>
    public bool HaveEnded
    {
        get
        {
            lock (_turning) return _ended;
        }
    }

    /// <summary>It is about to be started, and will be stopped. False: the stop has begun, and it must not be started any more.</summary>
    public bool Begin(IHostedService service)
    {
        lock (_turning)
        {
            if (!_ended) _begun.Add(service);
            return !_ended;
        }
    }

    /// <summary>Those that have begun, in that order; from now on none does.</summary>
    public IReadOnlyList<IHostedService> End()
    {
        lock (_turning)
        {
            _ended = true;
            IReadOnlyList<IHostedService> begun = [.. _begun];
            _begun.Clear();
            return begun;
        }
    }
}
