using System.Reflection;
using System.Reflection.Metadata;

namespace WatchReload.Architecture.Tests;

/// <summary>Only what others compile against is public.</summary>
public sealed class PublicTypesTests
{
    /// <summary>What a host of one's own needs.</summary>
    private static readonly string[] OfHosting = ["WatchReload.Hosting.NodeOptions", "WatchReload.Hosting.WatchReloadHosting", "WatchReload.Hosting.WatchReloadNode"];

    [Theory(Timeout = 60_000)]
    [InlineData("Analyzers")]
    [InlineData("Hosting")]
    [InlineData("Node")]
    [InlineData("Builder")]
    [InlineData("Daemon")]
    public Task Types_are_internal_unless_listed_here(string part)
    {
        var known = part == "Hosting" ? OfHosting : [];
        Assert.Empty(Repository.Metadata(part, PublicTypes).Except(known));
        return Task.CompletedTask;
    }

    private static IReadOnlyList<string> PublicTypes(MetadataReader metadata) => [.. metadata.TypeDefinitions
        .Select(metadata.GetTypeDefinition)
        .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
        .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")
        .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("Microsoft.", StringComparison.Ordinal))];
}
