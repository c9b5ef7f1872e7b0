using Microsoft.Extensions.Configuration;

namespace WatchReload.Hosting.Upgrading.Declaring;

/// <summary>A resource that outlives versions.</summary>
internal sealed record SharedDeclaration(string Key, Type Type, Func<IConfiguration, object> Factory);
