using WatchReload.Daemon.Configuration;

namespace WatchReload.Daemon.Tests.Configuration;

/// <summary>A fresh directory with files, and what the configuration is when read from it.</summary>
internal sealed class Tree : IDisposable
{
    public Tree(string? watchJson = null)
    {
        Root = Directory.CreateTempSubdirectory("watchreload-configuration-").FullName;
        Write("Service.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        if (watchJson is not null)
            Write("watch.json", watchJson);
    }

    public string Root { get; }
    public string File => At("watch.json");
    public Dictionary<string, string> Variables { get; } = [];

    public string At(string path) => Path.Combine(Root, path);

    public string Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        System.IO.File.WriteAllText(At(path), text);
        return At(path);
    }

    public SettingsSources Sources => new(Root, Variables);

    public SettingsResult Load(Func<SettingsSources, SettingsSources>? with = null) => SettingsLoader.Load(with is null ? Sources : with(Sources));

    public Settings LoadValid(Func<SettingsSources, SettingsSources>? with = null)
    {
        var result = Load(with);
        Assert.Empty(result.Errors);
        return result.Settings!;
    }

    public ConfigurationError LoadWithOneError(Func<SettingsSources, SettingsSources>? with = null)
    {
        var result = Load(with);
        Assert.False(result.Valid);
        return Assert.Single(result.Errors);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
