using System.Text;
using WatchReload.Daemon.Configuration;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Configuration;

/// <summary>Whatever watch.json holds: settings, or errors that name a place in the file, what is wrong there and what to do about it.</summary>
public sealed class DamagedConfigurationTests
{
    private static readonly byte[][] _valid = [.. new[]
    {
        """{ "project": "Service.csproj", "nodes": [{ "name": "a", "environment": { "A": "é" }, "arguments": ["x"], "metricsPort": 9100 }], "watch": { "settle": "8ms", "exclude": ["**/*.md"] }, /* c */ "log": { "keep": 3, }, }""",
        """{ "$schema": "x", "project": "Service.csproj", "configuration": "Release", "state": "state", "builder": { "hangLimit": "1m", "memoryLimit": "1GB" }, "releases": { "keep": 3, "minimumFreeSpace": "10MB" }, "packages": { "perVersion": ["AutoMapper"] } }""",
        "{\r\n  // host\r\n  \"project\": \"Service.csproj\",\r\n  \"git\": { \"branch\": \"main\" },\r\n  \"reload\": { \"probation\": \"30s\", \"stragglers\": \"late\" }\r\n}",
    }.Select(Encoding.UTF8.GetBytes)];

    [Fact(Timeout = Fuzz.Longest)]
    public async Task A_tree_is_configured_or_told_what_is_wrong_with_its_file()
    {
        using var tree = new Tree();
        await Fuzz.Each(1_200, _valid, input =>
        {
            File.WriteAllBytes(tree.File, input);
            AssertTold(tree.Load(), input);
        });
    }

    [Fact(Timeout = Fuzz.Longest)]
    public async Task A_host_is_configured_or_told_what_is_wrong_with_its_file()
    {
        using var tree = new Tree("{ \"project\": \"Service.csproj\" }");
        var host = tree.At("host.json");
        await Fuzz.Each(1_000, _valid, input =>
        {
            File.WriteAllBytes(host, input);
            AssertTold(tree.Load(sources => sources with { HostConfigPath = host }), input);
        });
    }

    private static void AssertTold(SettingsResult result, byte[] input)
    {
        Assert.Equal(result.Valid, result.Errors.Count == 0);
        var lines = input.Count(b => b is (byte)'\n' or (byte)'\r') + 1;
        Assert.All(result.Errors, error =>
        {
            Assert.True(error is { Message.Length: > 0, Remedy.Length: > 0 }, error.ToString());
            Assert.InRange(error.Line, 0, lines + 1);
            Assert.DoesNotContain(error.ToString(), character => char.IsControl(character));
        });
        Assert.True(result.Settings is null || Path.IsPathFullyQualified(result.Settings.Project));
    }
}
