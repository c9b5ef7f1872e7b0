using System.Reflection;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>What is under test, as it was built with this project.</summary>
internal static class Product
{
    /// <summary>Top of the repository.</summary>
    public static string Repository { get; } = Metadata("Repository");

    /// <summary>The command's assembly, for <c>dotnet</c> to run.</summary>
    public static string Command { get; } = Path.Combine(Metadata("Command"), "watchreload.dll");

    /// <summary>The one that nodes give to services.</summary>
    public static string Actors { get; } = Path.Combine(Metadata("Command"), "node", "WatchReload.Actors.dll");

    /// <summary>The sources of the service that ships with the project.</summary>
    public static string Service { get; } = Path.Combine(Repository, "src", "Service");

    private static string Metadata(string key) => typeof(Product).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
