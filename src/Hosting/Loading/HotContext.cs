using System.Runtime.Loader;

namespace WatchReload.Hosting.Loading;

/// <summary>The collectible context of one hot assembly.</summary>
internal sealed class HotContext(string name) : AssemblyLoadContext(name, isCollectible: true);
