using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// Resources that outlive versions, by package set and key. Made when a version first asks; disposed of with the node, as a late
/// actor may use one for as long as it likes.
/// </summary>
/// <remarks>
/// Theory of operation. A version asks through its <see cref="SharedClaim"/>. What it has made anew is its own until it serves
/// (<see cref="SharedClaim.Keep"/>), and goes with it if it never does. The service's factories run beside the lock: one that hangs keeps
/// nobody else from theirs, nor a mended one of the same key, since one reload is made at a time and who still makes one then was given up.
/// </remarks>
internal sealed class SharedResources(ILogger logger, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private readonly Dictionary<(string? Packages, string Key), Entry> _resources = [];

    /// <param name="packages">Hash of the version's package set.</param>
    public SharedClaim Claim(string? packages) => new(this, packages);

    /// <summary>The resource, if the claim may use one that there is.</summary>
    public object? Find(SharedClaim claim, string key)
    {
        lock (_resources)
            return _resources.TryGetValue((claim.Packages, key), out var entry) && (entry.Owner is null || entry.Owner == claim) ? entry.Resource : null;
    }

    /// <summary>The claim's own for now; in nobody's place who serves.</summary>
    public void Add(SharedClaim claim, string key, object resource)
    {
        lock (_resources)
        {
            if (!_resources.TryGetValue((claim.Packages, key), out var entry) || entry.Owner is not null) _resources[(claim.Packages, key)] = new Entry(resource, claim);
        }
    }

    /// <summary>What was made for the claim is the node's, whoever of those that never serve has made the same since.</summary>
    public void Keep(SharedClaim claim, IReadOnlyList<(string Key, object Resource)> made)
    {
        lock (_resources)
        {
            foreach (var (key, resource) in made) _resources[(claim.Packages, key)] = new Entry(resource, Owner: null);
        }
    }

    /// <summary>What is the claim's own is nobody's.</summary>
    public void Remove(SharedClaim claim)
    {
        lock (_resources)
        {
            foreach (var (place, _) in _resources.Where(one => one.Value.Owner == claim).ToList()) _resources.Remove(place);
        }
    }

    public async ValueTask DisposeAsync()
    {
        object[] all;
        lock (_resources)
        {
            all = [.. _resources.Values.Select(entry => entry.Resource)];
            _resources.Clear();
        }

        await DisposeOf(all);
    }

    /// <summary>One that throws, or does not end, keeps no other from its end, nor the node.</summary>
    public async Task DisposeOf(IReadOnlyList<object> resources)
    {
        foreach (var resource in resources)
        {
            try
            {
                await Task.Run(() => DisposeOf(resource).AsTask()).WaitAsync(Deadline, time);
            }
            catch (Exception cause)
            {
                UpgradingLog.SharedNotDisposed(logger, cause, SourceNames.Full(resource.GetType()));
            }
        }
    }

    private static async ValueTask DisposeOf(object resource)
    {
        if (resource is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
        else (resource as IDisposable)?.Dispose();
    }

    /// <param name="Owner">The only one that may use it yet; null: all versions of its package set.</param>
    private readonly record struct Entry(object Resource, SharedClaim? Owner);
}
