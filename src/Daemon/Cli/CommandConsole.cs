using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using WatchReload.Daemon.Cli.Rendering;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Cli;

/// <summary>What a verb says. With <c>--json</c> objects, a line each, on standard output and nothing else there; else text for a person.</summary>
internal sealed class CommandConsole
{
    private readonly CommandContext _context;

    public CommandConsole(CommandContext context, bool json)
    {
        (_context, IsJson) = (context, json);
        Screen = new Screen(context);
        Events = json ? new JsonEvents(context.Output) : new EventView(Screen, context.Directory);
    }

    public bool IsJson { get; }
    public Screen Screen { get; }

    /// <summary>Tells events as they happen.</summary>
    public IEventSink Events { get; }

    /// <summary>For a person only.</summary>
    public void Say(string text)
    {
        if (!IsJson)
            Telling.Try(() => Screen.Line(Markup.Escape(text)));
    }

    /// <summary>For a program only.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type)
    {
        if (IsJson)
            JsonLine.Write(_context.Output, value, type);
    }

    /// <summary>For both, on standard error.</summary>
    public void Warn(string text) => _context.Error.Tell(text);

    public int Fail(Failure failure)
    {
        foreach (var line in failure.Lines)
            _context.Error.Tell(line);
        return failure.ExitCode;
    }

    public int Fail(int exitCode, string cause, string remedy) => Fail(new Failure(exitCode, cause, remedy));
}
