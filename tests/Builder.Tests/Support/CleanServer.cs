using System.Diagnostics;
using WatchReload.Builder.Sdk;

namespace WatchReload.Builder.Tests.Support;

/// <summary>The SDK's compiler server for the builds of <see cref="CleanBuild"/>: it ends with the tests.</summary>
internal sealed class CleanServer
{
    public CleanServer()
    {
        var sdk = ((SdkResolution.Found)SdkResolver.Resolve(AppContext.BaseDirectory)).Sdk;
        var process = Process.Start(new ProcessStartInfo(sdk.Host, ["exec", Path.Combine(sdk.Directory, "Roslyn", "bincore", "VBCSCompiler.dll"), $"-pipename:{Name}"]))!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            process.Kill();
            process.Dispose();
            File.Delete(Path.Combine("/tmp", Name)); // Roslyn puts its sockets there
        };
    }

    public string Name { get; } = $"watchreload-clean-{Environment.ProcessId}-{Guid.NewGuid():n}";
}
