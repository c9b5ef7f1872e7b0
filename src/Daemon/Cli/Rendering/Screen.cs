using Spectre.Console;
using Spectre.Console.Rendering;

namespace WatchReload.Daemon.Cli.Rendering;

/// <summary>
/// Text for a person. Lines are never wrapped: the terminal does that, and what is copied or searched stays whole. Tables fit the
/// window. Colours only on a terminal, and not where NO_COLOR is set.
/// </summary>
internal sealed class Screen
{
    private const int NoLimit = 100_000;
    private readonly IAnsiConsole _lines;
    private readonly IAnsiConsole _tables;

    public Screen(CommandContext context)
    {
        _lines = Console(context, NoLimit);
        _tables = Console(context, context.OutputIsTerminal ? context.Width : 200);
    }

    /// <param name="markup">Spectre's; whatever comes from outside must be escaped.</param>
    public void Line(string markup) => _lines.MarkupLine(markup);

    public void Table(IRenderable table) => _tables.Write(table);

    private static IAnsiConsole Console(CommandContext context, int width)
    {
        var colours = context.OutputIsTerminal && string.IsNullOrEmpty(context.Environment.GetValueOrDefault("NO_COLOR")) && context.Environment.GetValueOrDefault("TERM") != "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(context.Output),
        });
        console.Profile.Width = width;
        return console;
    }
}
