using System.Net;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>How many connections are open, by the address that tells their clients apart.</summary>
internal sealed class OpenConnections
{
    private readonly Dictionary<string, int> _counts = [];

    private OpenConnections(ActorKernel kernel, long last, int mostAddresses)
    {
        (IPAddress? Remote, string Address) before = (null, "");
        foreach (var actor in kernel.Cells)
        {
            if (actor.Id.Value > last || actor.Inlet is not { } inlet) continue;
            // There may be a million of them, and behind a proxy all come from one.
            var remote = (inlet.Connection.Remote as IPEndPoint)?.Address;
            if (remote is null || !remote.Equals(before.Remote)) before = (remote, ClientAddress.Of(inlet.Connection.Remote));
            _counts[before.Address] = _counts.GetValueOrDefault(before.Address) + 1;
            if (_counts.Count <= mostAddresses) continue;
            AreOfMany = true;
            return;
        }
    }

    /// <summary>There are more addresses than were to be counted.</summary>
    public bool AreOfMany { get; }

    public IEnumerable<string> Addresses => _counts.Keys;

    public int From(string address) => _counts.GetValueOrDefault(address);

    /// <param name="last">The id of the last actor that is looked at.</param>
    public static OpenConnections Of(ActorKernel kernel, int mostAddresses, long last = long.MaxValue) => new(kernel, last, mostAddresses);
}
