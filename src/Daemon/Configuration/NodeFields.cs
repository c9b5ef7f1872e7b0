using System.Text.RegularExpressions;

namespace WatchReload.Daemon.Configuration;

/// <summary>The list of nodes.</summary>
internal static partial class NodeFields
{
    private const string ShownDefault = "[{ \"name\": \"main\" }]";

    // They have rendezvous files and sockets under these names beside the nodes'.
    private static readonly string[] _reserved = ["daemon", "builder"];

    public static IReadOnlyList<NodeSettings> Nodes(this Section top)
    {
        var used = new HashSet<(Layer, string)>();
        return top.Objects("nodes", [NodeSettings.Default], ShownDefault, node =>
        {
            var fit = true;
            var name = node.Read(new KnownKey("name", "text", NodeSettings.DefaultName), NodeSettings.DefaultName, (Field field, out string? text) => fit = TryName(field, out text))!;
            // In the place of one that is not fit stands the default: no name that anybody gave.
            if (fit && !used.Add((node.Layer, name)))
                node.Fail("name", $"is {Shown.Text(name)}, as another node's is.", "Give each node a name of its own.");
            return new NodeSettings(name, node.Map("environment", CheckVariable), node.Texts("arguments", (_, _) => { }))
            {
                MetricsPort = node.Integer("metricsPort", 0, 0, 65_535),
                Runtime = node.Choice("runtime", NodeRuntime.Shared, NodeRuntime.Shared, NodeRuntime.Private),
            };
        });
    }

    // Not $, before which a line may end: the name becomes a file's and a socket's.
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,31}\z")]
    private static partial Regex NodeName();

    /// <summary>Why a node cannot have the name, and what to do; null when it can.</summary>
    public static (string Cause, string Remedy)? NameProblem(string name) =>
        !NodeName().IsMatch(name) ? ($"is {Shown.Text(name)}.", "Use lower-case letters, digits and hyphens, at most 32, the first not a hyphen.")
        : _reserved.Contains(name) || name.StartsWith("builder-", StringComparison.Ordinal) ? ($"is {Shown.Text(name)}, the name of a process of WatchReload's own.", "Choose another name.")
        : null;

    private static bool TryName(Field field, out string? name)
    {
        if (!field.TryText(out name))
            return false;
        if (NameProblem(name) is not var (cause, remedy))
            return true;
        field.Fail(cause, remedy);
        return false;
    }

    private static void CheckVariable(Field variable, string name, string value)
    {
        if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
            variable.Fail("is not the name of an environment variable.", "Use a name without \"=\".");
        else if (Secrets.LooksLikeOne(name, value))
            variable.Fail("looks like a secret, and watch.json is no place for those.", "Set it in the environment in which watchreload starts: nodes inherit that.");
    }
}
