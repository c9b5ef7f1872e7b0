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
            return new NodeFiles(Runtime(runtimes, DotnetHost.Root, DotnetHost.Command, DotnetHost.Version, node.Name), program);
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
    /// <param name="version">Of the frameworks.</param>
    /// <param name="node">Which is to be started from it.</param>
    public static string Runtime(PrivateCopy copies, string root, string host, string version, string node)
    {
        string[] parts = [Path.Combine("host", "fxr"), .. Frameworks.Select(framework => Path.Combine("shared", framework, version))];
        var files = parts.Select(part => Path.Combine(root, part)).Where(Directory.Exists).SelectMany(All).Prepend(host);
        return Path.Combine(copies.For(node, root, files), Path.GetFileName(host));
    }

    private static readonly string[] Frameworks = ["Microsoft.NETCore.App", "Microsoft.AspNetCore.App"];

    private static IEnumerable<string> All(string directory) => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories);
}
