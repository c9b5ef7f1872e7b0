using WatchReload.Control;

namespace WatchReload.Daemon.Tests;

/// <summary>A directory of a test's own, with a state directory in it.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch()
    {
        Root = Directory.CreateTempSubdirectory("wr-").FullName;
        State = new StateDirectory(Path.Combine(Root, ".watchreload"));
        OwnedPath.EnsureState(State);
    }

    public string Root { get; }
    public StateDirectory State { get; }

    public string Write(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>A watch.json with these nodes, for a project that is there.</summary>
    public void Configure(params string[] nodes)
    {
        Write("Service.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""");
        var list = string.Join(", ", nodes.DefaultIfEmpty("main").Select(n => $$"""{ "name": "{{n}}", "environment": { "STUB_OWNER": "{{Environment.ProcessId}}" } }"""));
        Write("watch.json", $$"""{ "project": "Service.csproj", "nodes": [{{list}}] }""");
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
