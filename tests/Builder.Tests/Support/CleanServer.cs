using System.Diagnostics;
using WatchReload.Builder.Sdk;

namespace WatchReload.Builder.Tests.Support;

/// <summary>The SDK's compiler server for the builds of <see cref="CleanBuild"/>: it ends with the tests.</summary>
internal sealed class CleanServer
{
    private readonly string _name = $"watchreload-clean-{Environment.ProcessId}-{Guid.NewGuid():n}";
    private Process _process;

    public CleanServer()
    {
        _process = Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            _process.Kill();
            _process.Dispose();
            File.Delete(Path.Combine("/tmp", _name)); // Roslyn puts its sockets there
        };
    }

    /// <summary>Its name. It ends by itself when it has had nothing to do for ten minutes; MSBuild would then start one that nobody ends.</summary>
    public string Running()
    {
        if (_process.HasExited)
            _process = Start();
        return _name;
    }

    private Process Start()
    {
        var sdk = ((SdkResolution.Found)SdkResolver.Resolve(AppContext.BaseDirectory)).Sdk;
        return Process.Start(new ProcessStartInfo(sdk.Host, ["exec", Path.Combine(sdk.Directory, "Roslyn", "bincore", "VBCSCompiler.dll"), $"-pipename:{_name}"]))!;
    }
}
