using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using WatchReload.Daemon.Configuration;

namespace WatchReload.Daemon.Tests.Configuration;

/// <summary>The code's known keys are the truth; schema, documentation, template and our own watch.json have to agree.</summary>
public sealed partial class DocumentationTests
{
    private static string Top([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    [Fact(Timeout = 60_000)]
    public async Task Schema_agrees_when_keys_types_and_defaults_are_compared()
    {
        await using var file = File.OpenRead(Path.Combine(Top(), "docs/watch.schema.json"));
        using var schema = await JsonDocument.ParseAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        var described = Describe(schema.RootElement, "").ToDictionary(key => key.Path);
        Assert.Equal(SettingsBinder.Keys.Select(key => key.Path).Order(), described.Keys.Order());
        foreach (var key in SettingsBinder.Keys)
        {
            var (path, type, shown, choices) = described[key.Path];
            Assert.Equal((path, key.Type is "path" ? "text" : key.Type), (path, type));
            Assert.Equal(key.Choices, choices);
            if (key.Path is not ("project" or "$schema"))
                Assert.Equal((path, key.Default), (path, shown));
        }

        Assert.Equal(["project"], schema.RootElement.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Documentation_agrees_when_keys_defaults_and_variables_are_compared()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Top(), "docs/configuration.md"), TestContext.Current.CancellationToken);
        var rows = Row().Matches(text).ToDictionary(row => row.Groups["key"].Value);
        Assert.Equal(SettingsBinder.Keys.Select(key => key.Path).Order(), rows.Keys.Order());
        foreach (var key in SettingsBinder.Keys)
        {
            var row = rows[key.Path].Groups;
            Assert.Equal((key.Path, key.Default), (key.Path, row["default"].Value.Trim('`')));
            Assert.Equal((key.Path, key.InList || key.Path == "$schema" ? "" : EnvironmentLayer.NameOf(key.Path)), (key.Path, row["variable"].Value));
            Assert.Equal((key.Path, key.HostOnly), (key.Path, row["text"].Value.StartsWith("**host**", StringComparison.Ordinal)));
            Assert.All(key.Choices, choice => Assert.Contains($"`{choice}`", row["text"].Value, StringComparison.Ordinal));
        }

        foreach (var excluded in WatchSettings.AlwaysExcluded)
            Assert.Contains($"`{excluded.Replace("**", "", StringComparison.Ordinal).Trim('/')}`", rows["watch.exclude"].Value, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Own_watch_json_loads_when_read_from_a_directory_below()
    {
        await Task.Yield();
        var result = SettingsLoader.Load(new SettingsSources(Path.Combine(Top(), "src/Service"), new Dictionary<string, string>()));
        Assert.Empty(result.Errors);
        Assert.Equal(Path.Combine(Top(), "src/Service/WatchReload.Service.csproj"), result.Settings!.Project);
        Assert.Contains("\"$schema\": \"docs/watch.schema.json\"", await File.ReadAllTextAsync(Path.Combine(Top(), "watch.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Template_states_every_default_when_its_comments_are_taken_away()
    {
        await Task.Yield();
        var template = WatchFileTemplate.For("Service.csproj");
        using var tree = new Tree(CommentedSetting().Replace(template, "  $1"));
        var settings = tree.LoadValid();
        using var bare = new Tree(template);
        var defaults = bare.LoadValid();
        Assert.Equal(
            defaults with { Root = settings.Root, File = settings.File, Project = settings.Project, Nodes = settings.Nodes, Watch = settings.Watch, Packages = settings.Packages },
            settings);
        Assert.Equal(defaults.Watch.Exclude, settings.Watch.Exclude);
        Assert.Equal(defaults.Packages.PerVersion, settings.Packages.PerVersion);
        Assert.Equal(defaults.Watch with { Include = settings.Watch.Include, Exclude = settings.Watch.Exclude }, settings.Watch);
        Assert.Equal("main", Assert.Single(settings.Nodes).Name);
        foreach (var key in SettingsBinder.Keys.Where(key => !key.HostOnly && key.Path is not "$schema"))
            Assert.Contains($"\"{key.Path.Split('.')[^1]}\":", template, StringComparison.Ordinal);
    }

    private sealed record Described(string Path, string Type, string? Default, IReadOnlyList<string> Choices);

    private static IEnumerable<Described> Describe(JsonElement schema, string path)
    {
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        foreach (var property in schema.GetProperty("properties").EnumerateObject())
        {
            var (name, value) = (path + property.Name, property.Value);
            Assert.True(value.TryGetProperty("description", out _), name);
            if (value.TryGetProperty("properties", out _))
            {
                foreach (var inner in Describe(value, name + "."))
                    yield return inner;
                continue;
            }

            var choices = value.TryGetProperty("enum", out var words) ? words.EnumerateArray().Select(word => word.GetString()!).ToArray() : [];
            yield return new Described(name, TypeOf(value), value.TryGetProperty("default", out var shown) ? Show(shown) : null, choices);
            if (TypeOf(value) == "objects")
            {
                foreach (var inner in Describe(value.GetProperty("items"), name + "[]."))
                    yield return inner;
            }
        }
    }

    private static string TypeOf(JsonElement value)
    {
        if (value.TryGetProperty("$ref", out var reference))
            return reference.GetString()!.Split('/')[^1];
        if (value.TryGetProperty("enum", out _))
            return "choice";
        var type = value.GetProperty("type");
        return (type.ValueKind == JsonValueKind.Array ? type[0].GetString() : type.GetString()) switch
        {
            "string" => "text",
            "array" => value.GetProperty("items").TryGetProperty("properties", out _) ? "objects" : "list",
            "object" => "map",
            var other => other!,
        };
    }

    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Array when value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Object => "[{ \"name\": \"main\" }]",
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(item => item.GetRawText()))}]",
        _ => value.ToString(),
    };

    [GeneratedRegex(@"^\| `(?<key>[^`]+)` \| (?<default>[^|]*) \| `?(?<variable>[A-Z_]*)`? ?\| (?<text>.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^  // (\"[a-z]+\": .*)$", RegexOptions.Multiline)]
    private static partial Regex CommentedSetting();
}
