using System.Runtime.CompilerServices;
using WatchReload.Builder.Sdk;

namespace WatchReload.Deltas.Tests;

/// <summary>Differences are made by the compiler that makes them in the builder.</summary>
internal static class CompilerOfTheSdk
{
#pragma warning disable CA2255 // before anything of the compiler is touched
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => SdkRoslyn.Register(((SdkResolution.Found)SdkResolver.Resolve(AppContext.BaseDirectory)).Sdk);
}
