using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.Loader;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// Meters whose observable instruments call code that goes. The runtime keeps every meter that has not been disposed of in one list for the process, and with the callback
/// its assembly; Entity Framework Core has such a meter in a static that nobody disposes of.
/// </summary>
internal static class CallbackMeters
{
    /// <summary>Those of which all callbacks go. Throws nothing: what a meter's own code or a listener throws keeps no other from ending.</summary>
    public static void Dispose(AssemblyLoadContext leaving)
    {
        var (meters, staying) = (new HashSet<Meter>(), new HashSet<Meter>());
        using (var all = new MeterListener())
        {
            // Called for each instrument that there is.
            all.InstrumentPublished = (instrument, _) =>
            {
                if (!instrument.IsObservable) return;
                var leaves = Callbacks(instrument).Any(callback => AssemblyLoadContext.GetLoadContext(callback.Method.Module.Assembly) == leaving);
                (leaves ? meters : staying).Add(instrument.Meter);
            };
            all.Start();
        }

        foreach (var meter in meters.Except(staying))
        {
            try
            {
                meter.Dispose();
            }
            catch (Exception)
            {
                // Code of a package, or of who listens to it. The version lingers then, and status says so.
            }
        }
    }

    // There is no other way to what an instrument calls. A runtime that keeps it elsewhere gives none here, and the version lingers as it would without this.
    private static IEnumerable<Delegate> Callbacks(Instrument instrument) => instrument.GetType()
        .GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Select(field => field.GetValue(instrument)).OfType<Delegate>();
}
