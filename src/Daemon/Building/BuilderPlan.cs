using System.Diagnostics;

namespace WatchReload.Daemon.Building;

/// <summary>A builder that is to be started.</summary>
/// <param name="Start">The command line and the environment.</param>
/// <param name="Link">The way to it, once it says that it is ready.</param>
/// <param name="Traces">What it leaves when it is killed.</param>
internal sealed record BuilderPlan(ProcessStartInfo Start, Func<IBuilderLink> Link, IReadOnlyList<string> Traces);
