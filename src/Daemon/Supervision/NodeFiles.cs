using System.Text.Json;
using WatchReload.Control;
using WatchReload.Daemon.Configuration;

namespace WatchReload.Daemon.Supervision;

/// <summary>What a node is started from: the host, and the program.</summary>
/// <param name="Host">The <c>dotnet</c> command.</param>
/// <param name="Assembly">Absolute path of <c>WatchReload.Node.dll</c>.</param>
internal sealed record NodeFiles(string Host, string Assembly)
{
    /// <exception cref="IOException">A copy cannot be made.</exception>
    public static NodeFiles Of(NodeLaunch launch, NodeSettings node)
    {
        var runtimes = new PrivateCopy(launch.State, "runtimes", "runtime");
        if (!launch.FromCopy)
            return new NodeFiles(DotnetHost.Command, launch.Assembly);
        var program = Program(launch.State, launch.Assembly, node.Name);
        if (node.Runtime == NodeRuntime.Private)
            return new NodeFiles(Runtime(runtimes, DotnetHost.Root, DotnetHost.Command, Environment.Version, node.Name), program);
        runtimes.Forget(node.Name);
        return new NodeFiles(DotnetHost.Command, program);
    }

    /// <summary>The program's assembly in the copy of its directory.</summary>
    public static string Program(StateDirectory state, string assembly, string node)
    {
        var source = Path.GetDirectoryName(assembly)!;
        var copy = new PrivateCopy(state, "programs", "program").For(node, source, All(source));
        return Path.Combine(copy, Path.GetFileName(assembly));
    }

    /// <summary>The host in a copy of one version of the runtime: the command, what it looks for, and the frameworks that a node has.</summary>
    /// <param name="copies">Where.</param>
    /// <param name="root">Of the .NET installation.</param>
    /// <param name="host">Its command.</param>
    /// <param name="version">That a node needs: it gets the newest patch.</param>
    /// <param name="node">Which is to be started from it.</param>
    /// <exception cref="IOException">There is no such version, nor a copy that the node was started from before.</exception>
    public static string Runtime(PrivateCopy copies, string root, string host, Version version, string node)
    {
        var hosting = Path.Combine(root, "host", "fxr");
        var frameworks = Newest(Path.Combine(root, "shared"), version);
        if (File.Exists(host) && frameworks.Length > 0 && Directory.Exists(hosting) && All(hosting).Any())
            return Path.Combine(copies.For(node, root, frameworks.Append(hosting).SelectMany(All).Prepend(host)), Path.GetFileName(host));

        // Removed, or in the middle of an update: what was copied before is as good as it was.
        var last = copies.Last(node) ?? throw new IOException($"There is no whole .NET {version.ToString(2)} runtime with ASP.NET Core in {root}.");
        return Path.Combine(last, Path.GetFileName(host));
    }

    private static readonly string[] Frameworks = ["Microsoft.NETCore.App", "Microsoft.AspNetCore.App"];

    /// <summary>Of a runtime, and left out of small images: for dumps, traces and debuggers.</summary>
    private static readonly string[] Dispensable = ["createdump", "libcoreclrtraceptprovider.so", "libmscordbi.so", "libmscordaccore.so"];

    /// <summary>The newest patch of the version of which all is there, of both: an update may have brought half of the next. ASP.NET Core does not run on a runtime that is older than itself.</summary>
    private static string[] Newest(string shared, Version version)
    {
        var found = new List<(string Path, Version Version)>();
        foreach (var name in Frameworks)
        {
            var newest = Patches(Path.Combine(shared, name), version)
                .Where(patch => found.Count == 0 || patch.Version <= found[0].Version)
                .FirstOrDefault(patch => IsWhole(patch.Path, Path.Combine(patch.Path, name + ".deps.json")));
            if (newest.Path is null)
                return [];
            found.Add(newest);
        }

        return [.. found.Select(framework => framework.Path)];
    }

    /// <summary>The newest first.</summary>
    private static IEnumerable<(string Path, Version Version)> Patches(string framework, Version version) => !Directory.Exists(framework) ? []
        : Directory.EnumerateDirectories(framework)
            .Select(path => (Path: path, Version: Version.TryParse(Path.GetFileName(path), out var found) ? found : new Version()))
            .Where(found => found.Version.Major == version.Major && found.Version.Minor == version.Minor)
            .OrderByDescending(found => found.Version);

    /// <summary>Whether all files are there that the framework says it has.</summary>
    private static bool IsWhole(string directory, string parts)
    {
        try
        {
            using var listed = JsonDocument.Parse(File.ReadAllBytes(parts));
            return listed.RootElement.GetProperty("targets").EnumerateObject()
                .SelectMany(target => target.Value.EnumerateObject())
                .SelectMany(package => package.Value.EnumerateObject().Where(kind => kind.Name is "runtime" or "native"))
                .SelectMany(kind => kind.Value.EnumerateObject())
                .Select(file => Path.GetFileName(file.Name))
                .All(file => File.Exists(Path.Combine(directory, file)) || Dispensable.Contains(file));
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    private static IEnumerable<string> All(string directory) => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories);
}
