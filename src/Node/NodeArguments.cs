using System.Globalization;
using WatchReload.Control;
using WatchReload.Hosting;

namespace WatchReload.Node;

/// <summary>The node's command line. It is the daemon that writes it, so it is plain.</summary>
internal sealed record NodeArguments(NodeOptions Options, bool StandardOutputToError, string? LogFile, bool Foreground, bool Quiet)
{
    private const string Usage = "Usage: WatchReload.Node --state DIR [--name NAME] [--release ID] [--probation SECONDS] [--drain SECONDS] [--log FILE] [--metrics-port PORT] [--stdout-to-stderr] [--deltas] [--foreground] [--quiet] [-- SERVICE ARGUMENTS]";

    public static bool TryParse(string[] args, out NodeArguments arguments, out string error)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var (toError, deltas, foreground, quiet) = (false, false, false, false);
        arguments = null!;
        var rest = Array.IndexOf(args, "--");
        var ofService = rest < 0 ? [] : args[(rest + 1)..];
        if (rest >= 0) args = args[..rest];
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--stdout-to-stderr")
            {
                toError = true;
                continue;
            }

            if (args[i] == "--deltas")
            {
                deltas = true;
                continue;
            }

            if (args[i] == "--foreground")
            {
                foreground = true;
                continue;
            }

            if (args[i] == "--quiet")
            {
                quiet = true;
                continue;
            }

            if (args[i] is not ("--metrics-port" or "--state" or "--name" or "--release" or "--probation" or "--drain" or "--log") || i + 1 == args.Length)
            {
                error = $"'{args[i]}' is not an option, or has no value. {Usage}";
                return false;
            }

            values[args[i]] = args[++i];
        }

        if (!values.TryGetValue("--state", out var state))
        {
            error = $"--state is missing. {Usage}";
            return false;
        }

        var options = new NodeOptions
        {
            State = new StateDirectory(Path.GetFullPath(state)),
            Release = values.GetValueOrDefault("--release"),
            Arguments = ofService,
            Deltas = deltas,
        };
        if (values.TryGetValue("--name", out var name)) options = options with { Name = name };
        if (!Seconds(values, "--probation", options.Probation, out var probation, out error) || !Seconds(values, "--drain", options.DrainDeadline, out var drain, out error)) return false;
        if (values.TryGetValue("--metrics-port", out var port))
        {
            if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                error = $"--metrics-port takes a port, not '{port}'. {Usage}";
                return false;
            }

            options = options with { MetricsPort = number };
        }

        arguments = new NodeArguments(options with { Probation = probation, DrainDeadline = drain }, toError, values.GetValueOrDefault("--log"), foreground, quiet);
        return true;
    }

    private static bool Seconds(Dictionary<string, string> values, string option, TimeSpan otherwise, out TimeSpan time, out string error)
    {
        time = otherwise;
        error = "";
        if (!values.TryGetValue(option, out var text)) return true;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            time = TimeSpan.FromSeconds(seconds);
            return true;
        }

        error = $"{option} takes a number of seconds, not '{text}'. {Usage}";
        return false;
    }
}
