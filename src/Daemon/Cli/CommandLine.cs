using System.CommandLine;
using System.CommandLine.Parsing;
using WatchReload.Control;
using WatchReload.Daemon.Cli.Verbs;
using WatchReload.Daemon.Configuration;

namespace WatchReload.Daemon.Cli;

/// <summary>The command as a whole: finds the verb, runs it, and turns what went wrong into text and an exit code.</summary>
internal static class CommandLine
{
    private const int ServiceUnavailable = 503; // it is ending, or has no room: that passes

    public static async Task<int> Run(IReadOnlyList<string> args, CommandContext context, StopSignal stop)
    {
        var parsed = Root(context, stop).Parse(args);
        var mistyped = Mistyped(parsed, args);
        if ((parsed.Errors.Count > 0 || mistyped.Count > 0) && !IsHelp(parsed))
            return Misused(parsed, mistyped, context);
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = context.Output, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                CancellationToken.None);
        }
        catch (OperationCanceledException) when (stop.Reason is not null)
        {
            return ExitCode.Interrupted;
        }
        catch (PipeException e) when (e.Failure is PipeFailure.NobodyListens or PipeFailure.Lost or PipeFailure.TimedOut)
        {
            return Fail(context, ExitCode.NoNode, e.Message, e.Remedy);
        }
        catch (PipeException e) when (e.Status == ServiceUnavailable)
        {
            return Fail(context, ExitCode.Circumstances, e.Message, e.Remedy);
        }
        catch (PipeException e) when (e.Failure == PipeFailure.Defect)
        {
            return Fail(context, ExitCode.Defect, e.Message, e.Remedy);
        }
        catch (ControlException e) when (DiskTrouble.Is(e.InnerException))
        {
            return Fail(context, ExitCode.Circumstances, e.Message, e.Remedy);
        }
        catch (ControlException e)
        {
            return Fail(context, ExitCode.Usage, e.Message, e.Remedy);
        }
        catch (UnauthorizedAccessException e)
        {
            return Fail(context, ExitCode.Usage, e.Message, "Give this user access, or choose another state directory with --state.");
        }
        catch (IOException e)
        {
            return DiskTrouble.Is(e)
                ? Fail(context, ExitCode.Circumstances, e.Message, "Make room on the disk, or see why it is read-only. What was under way is safe to do again.")
                : Fail(context, ExitCode.Usage, e.Message, "See to what the message names. What was under way is safe to do again.");
        }
        catch (Exception e)
        {
            return Defect.Report(e, context);
        }
    }

    internal static RootCommand Root(CommandContext context, StopSignal stop)
    {
        var root = new RootCommand("Save or push, and the running service has it: C# services reloaded in place.")
        {
            new InitVerb(context, stop),
            new WatchVerb(context, stop),
            new RunVerb(context, stop),
            new DaemonVerb(context, stop),
            new BuildVerb(context, stop),
            new ReloadVerb(context, stop),
            new PullVerb(context, stop),
            new RollbackVerb(context, stop),
            new RestartVerb(context, stop),
            new StatusVerb(context, stop),
            new ReleasesVerb(context, stop),
            new HistoryVerb(context, stop),
            new AttachVerb(context, stop),
            new HookVerb(context, stop),
            new FreezeVerb(context, stop),
            new UnfreezeVerb(context, stop),
            new StopVerb(context, stop),
            new DoctorVerb(context, stop),
        };
        CommonOptions.AddTo(root);
        return root;
    }

    private static bool IsHelp(ParseResult parsed) => parsed.Action is System.CommandLine.Help.HelpAction;

    /// <summary>What looks like an option and is none. The parser takes it for an argument, or for an option's value, where one may stand; only after <c>--</c>, and behind <c>=</c>, it is meant as one.</summary>
    private static IReadOnlyList<string> Mistyped(ParseResult parsed, IReadOnlyList<string> args) =>
        [.. parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash).Where(t => t.Type == TokenType.Argument && LooksLikeAnOption(t.Value) && args.Contains(t.Value)).Select(t => t.Value)];

    private static bool LooksLikeAnOption(string word) =>
        word.TrimStart('-') is [var first, ..] name && word.Length - name.Length is 1 or 2 && char.IsAsciiLetter(first) && !name.Any(char.IsWhiteSpace);

    private static int Misused(ParseResult parsed, IReadOnlyList<string> mistyped, CommandContext context)
    {
        foreach (var word in mistyped)
            context.Error.Tell(Unknown(word, parsed.CommandResult.Command));
        foreach (var error in parsed.Errors.Where(e => !IsEcho(e.Message, parsed)).Select(e => Plain(e, parsed)).Distinct())
            context.Error.Tell(error);
        if (mistyped.Count == 0) // else an argument too many may be one that such an option stands in the place of
        {
            foreach (var word in parsed.UnmatchedTokens)
                context.Error.Tell(Unknown(word, parsed.CommandResult.Command));
        }

        var path = string.Join(' ', PathOf(parsed.CommandResult));
        context.Error.Tell($"What there is: {path} --help");
        return ExitCode.Usage;
    }

    /// <summary>The parser's own words for what <see cref="Unknown"/> says better.</summary>
    private static bool IsEcho(string message, ParseResult parsed) =>
        parsed.UnmatchedTokens.Any(word => message.Contains($"'{word}'", StringComparison.Ordinal)) || (parsed.UnmatchedTokens.Count > 0 && message.StartsWith("Required command", StringComparison.Ordinal));

    /// <summary>What the parser says in its own terms.</summary>
    private static string Plain(ParseError error, ParseResult parsed) => error switch
    {
        { SymbolResult: OptionResult { Tokens.Count: 0 } option } => $"{option.Option.Name} needs a value{(option.Option.HelpName is { } name ? $": {option.Option.Name} {name}" : "")}.",
        { SymbolResult: CommandResult { Command.Subcommands.Count: > 0 } } => $"A verb is missing: {string.Join(", ", parsed.CommandResult.Command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}.",
        _ => error.Message,
    };

    private static string Unknown(string word, Command command)
    {
        var isOption = word.StartsWith('-');
        IEnumerable<string> known = isOption
            ? command.Options.Concat(command.Parents.OfType<Command>().SelectMany(p => p.Options.Where(o => o.Recursive))).Select(o => o.Name)
            : command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
        var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "verb" : "argument";
        return $"Unknown {kind} \"{word}\"." + (Nearest.To(word.Split('=')[0], known) is { } near ? $" Did you mean {near}?" : "");
    }

    private static IEnumerable<string> PathOf(CommandResult? result) => result switch
    {
        null => [],
        { Command: RootCommand } => ["watchreload"],
        _ => [.. PathOf(result.Parent as CommandResult), result.Command.Name],
    };

    private static int Fail(CommandContext context, int exitCode, string cause, string remedy)
    {
        context.Error.Tell(cause);
        context.Error.Tell(remedy);
        return exitCode;
    }
}
