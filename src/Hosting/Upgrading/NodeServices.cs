using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>What the parts of one node share.</summary>
/// <param name="Instance">Names this run of the process.</param>
internal sealed record NodeServices(string Name, string Instance, StateDirectory State, ActorKernel Kernel, ILogger Logger);
