using WatchReload.Bench.Peers;

namespace WatchReload.Bench.Report;

/// <summary>All aims, in the order in which they are told.</summary>
internal static class Aims
{
    private const string Quiet = "the same, no reload";

    private static readonly int[] Sizes = [10, 40, 160];

    public static IReadOnlyList<Aim> All { get; } =
    [
        .. Sizes.Select(n => new Aim("save-to-live", $"body-{n}.last", $"body edit, {n} files, all connections", 30)),
        .. Sizes.Select(n => new Aim("save-to-live", $"body-{n}.last", $"body edit, {n} files, beside `dotnet watch`", 0.5, PeerNames.DotnetWatch)),
        .. Sizes.Select(n => new Aim("save-to-live", $"async-{n}.last", $"body of an async method with lambdas, {n} files, all connections", 30)),
        .. Sizes.Select(n => new Aim("save-to-live", $"async-{n}.last", $"the same, beside `dotnet watch`, {n} files", 0.5, PeerNames.DotnetWatch)),
        .. Sizes.Select(n => new Aim("save-to-live", $"movedbody-{n}.last", $"the same, written aside and moved into place, {n} files", 0.5, PeerNames.DotnetWatch)),
        .. Sizes.Select(n => new Aim("save-to-live", $"staterecord-{n}.last", $"changed state record, {n} files, beside `dotnet watch`", 1, PeerNames.DotnetWatch)),
        .. Sizes.Select(n => new Aim("save-to-live", $"staterecord-{n}.beyond-emit", $"changed state record, {n} files, all connections: beyond a full emit by bare Roslyn", 30)),
        new("save-to-live", "first-10.last", "first edit after the start, 10 files", 200),
        new("save-to-live", "newfile-10.last", "new file, 10 files", 300),
        new("save-to-live", "projectfile-10.last", "changed project file, 10 files", 600),
        .. ((string[])["body", "movedbody", "async", "addedmethod", "staterecord", "newfile", "projectfile"]).SelectMany(kind => Sizes.Select(n => new Aim("save-to-live", $"{kind}-{n}.lost", $"connections lost: {kind}, {n} files", 0))),
        new("push-to-live", "last", "push to live beyond git's own time, all connections", 1000),
        new("push-to-live", "lost", "connections lost by pushes", 0),
        new("replies", "reload-8000.p99.9", "8,000 connections through reloads: p99.9 beside that without", 2, Quiet),
        .. ((int[])[100, 1000, 8000]).Select(n => new Aim("replies", $"lost-{n}", $"connections lost in reloads, of {n:N0}", 0)),
        .. ((int[])[100, 1000, 8000]).Select(n => new Aim("replies", $"faults-{n}", $"replies dropped or wrong in reloads, {n:N0} connections", 0)),
        new("changeover", "changed-idle-100000", "100,000 actors to a changed state shape, beside Erlang", 0.5, PeerNames.ErlangVm),
        new("changeover", "changed-idle-1000000", "1,000,000 actors to a changed state shape, beside Erlang", 0.5, PeerNames.ErlangVm),
        new("changeover", "gate-changed-few-100000", "gate, 100,000 actors of which 1,000 are busy", 5),
        new("changeover", "gate-changed-few-100000", "the same, the longest", 10, Worst: true),
        new("changeover", "faults-changed-few-100000", "connections lost, replies dropped or wrong in these reloads", 0),
        new("large-state", "gate", "gate, with an actor of 100 MB that ticks at 20 Hz", 5),
        new("large-state", "gate", "the same, the longest", 10, Worst: true),
        new("large-state", "faults", "connections lost, replies dropped or wrong in these reloads", 0),
        new("actor-bytes", "bytes", "an idle actor beside its state", 400),
        new("echo", "rate-1", "echo, beside a bare Kestrel handler", 0.95, PeerNames.Kestrel, AtLeast: true),
        new("echo", "rate-16", "the same, 16 pings open a connection", 0.95, PeerNames.Kestrel, AtLeast: true),
        .. ((int[])[1, 8, 64]).Select(n => new Aim("messages", $"ping-pong-{n}", $"local messages, {Numbers.Count(n, "pair")}, beside Erlang", 1, PeerNames.ErlangVm, AtLeast: true)),
        .. ((int[])[1, 8]).Select(n => new Aim("messages", $"fan-in-{n}", $"local messages, {n} senders to one, beside Erlang", 1, PeerNames.ErlangVm, AtLeast: true)),
        new("thousand-reloads", "lost", "connections lost in 1,000 reloads", 0),
        new("thousand-reloads", "faults", "replies dropped or wrong in 1,000 reloads", 0),
        new("thousand-reloads", "alive-end", "old versions in memory after 1,000 reloads", 1),
        new("thousand-reloads", "blocking", "reloads of 1,000 in which the node had a blocking full collection", 0),
        new("thousand-reloads", "most-fifth.node", "memory of the node, the most after reload 200, beside then", 1.05),
        new("thousand-reloads", "most.builder", "memory of the builder, the most after reload 100, beside then", 1.1),
        new("thousand-deltas", "lost", "connections lost in 1,000 edits by delta", 0),
        new("thousand-deltas", "faults", "replies dropped or wrong in 1,000 edits by delta", 0),
        new("thousand-deltas", "replayed", "edits of 1,000 that did not go by delta: the first, and one whenever the builder is renewed", 5),
        new("thousand-deltas", "most.builder", "memory of the builder, the most after edit 100, beside then", 1.1),
        new("thousand-libraries", "faults", "answers wrong or missing in 1,000 reloads of a service that uses what is supported", 0),
        new("thousand-libraries", "alive", "old versions of it in memory at the end of a reload, at most", 1),
        new("thousand-libraries", "alive-end", "old versions of it in memory after 1,000 reloads", 1),
        new("thousand-libraries", "blocking", "reloads of 1,000 of it in which the node had a blocking full collection", 0),
        new("thousand-libraries", "most-fifth.node", "memory of its node, the most after reload 200, beside then", 1.05),
        new("idle", "watching-all", "processor for watching, nobody edits, 160 files", 0.2),
    ];
}
