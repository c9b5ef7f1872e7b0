using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Daemon.Cli.Rendering;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class BuildVerb : Verb
{
    private readonly Option<string> _output = new("--output", "-o") { Description = "A new directory for the release with all that it needs, for watchreload run --release.", HelpName = "DIR" };
    private readonly Option<string> _by = new("--by") { Description = "Who asks, for the release (default: the user).", HelpName = "NAME" };

    public BuildVerb(CommandContext context, StopSignal stop)
        : base("build", "Builds a release and delivers it to nobody; for containers with --output.", context, stop)
    {
        Add(_output);
        Add(_by);
    }

    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var output = call.Value(_output) is { } named ? Path.GetFullPath(named, call.Context.Directory) : null;
        if (output is not null && Path.Exists(output) && (File.Exists(output) || Directory.EnumerateFileSystemEntries(output).Any()))
            return call.Console.Fail(ExitCode.Usage, $"{output} is there already, and not empty.", "Remove it, or name another directory with --output.");
        var (code, verdict) = await Commission.Ask(call, new BuildOrder { Cause = "build", By = call.Value(_by) }, cancellation);
        if (verdict is not BuildFinished built)
            return code;
        call.Console.Say($"Built release {built.Release} in {Units.Time(built.Milliseconds)}.");
        return output is null ? code : await Write(call, built, output, cancellation);
    }

    private static async Task<int> Write(Invocation call, BuildFinished built, string output, CancellationToken cancellation)
    {
        var opened = await Workplace.Open(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure); // it was right before the build
        var place = opened.Place;
        var store = new ReleaseStore(place.State, call.Time, NullLogger<ReleaseStore>.Instance);
        if (store.Find(built.Release).Release is not { } release)
            return call.Console.Fail(ExitCode.Refused, $"Release {built.Release} is gone.", "It was pruned meanwhile; build again. A higher releases.keep keeps more.");
        using var lease = store.Lease(release);
        new PortableRelease(output).Write(release, place.State, cancellation);
        call.Console.Say($"Wrote {release.Id} to {output}. Run it there: watchreload run --release {Path.GetFileName(output)}");
        return ExitCode.Done;
    }
}
