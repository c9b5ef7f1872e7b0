using System.Collections;
using System.Diagnostics;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Cli;

/// <summary>Everything that a verb has of the world around it, so that the whole command runs inside a test.</summary>
internal sealed record CommandContext
{
    /// <summary>The working directory.</summary>
    public required string Directory { get; init; }
    public required TextWriter Output { get; init; }

    /// <summary>Opens standard input; few verbs read it.</summary>
    public Func<Stream> Input { get; init; } = Console.OpenStandardInput;
    public required TextWriter Error { get; init; }
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
    public required TimeProvider Time { get; init; }

    /// <summary>Whether a person looks at <see cref="Output"/>: only then colours, and the width of the window counts.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = 100;

    /// <summary>The node's program; it travels with the command.</summary>
    public string NodeAssembly { get; init; } = Path.Combine(AppContext.BaseDirectory, "node", "WatchReload.Node.dll");

    /// <summary>Whether nodes run from a copy of that, which an update of the tool leaves alone.</summary>
    public bool CopiesNode { get; init; }

    /// <summary>The builder's program; it travels with the command.</summary>
    public string BuilderAssembly { get; init; } = Path.Combine(AppContext.BaseDirectory, "builder", "WatchReload.Builder.dll");

    /// <summary>Becomes another program. Returns only in tests.</summary>
    public Func<ProcessStartInfo, int> Become { get; init; } = static program => OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : ProcessImage.Become(program);

    public static CommandContext OfThisProcess() => new()
    {
        Directory = System.Environment.CurrentDirectory,
        Output = Console.Out,
        Error = Console.Error,
        Environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? ""),
        Time = TimeProvider.System,
        CopiesNode = true,
        OutputIsTerminal = !Console.IsOutputRedirected,
        Width = Console.IsOutputRedirected ? 100 : Math.Max(40, Console.WindowWidth),
    };
}
