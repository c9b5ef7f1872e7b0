using WatchReload.Control;

namespace WatchReload.Daemon.Delivery;

/// <summary>
/// The connection to a node ended before its report came. What it had begun it may have finished: the node alone knows, so it is asked
/// until it says so or the deadline passes. Nothing is called a success that the node has not said.
/// </summary>
internal sealed class LostConnection(NodeLink node, TimeProvider time)
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);

    public async Task<NodeVerdict> Inquire(ReloadRequest request, PipeException lost, CancellationToken cancellation)
    {
        NodeStatus? last = null;
        for (var start = time.GetTimestamp(); time.GetElapsedTime(start) < _deadline; await Task.Delay(_interval, time, cancellation))
        {
            try
            {
                last = await node.Status(cancellation);
            }
            catch (PipeException)
            {
                continue; // busy, or going down: asked again until the deadline
            }

            if (last is null)
                return Unknown(0, $"Node {node.Node} ended during the reload: {lost.Message}", "When it starts again it decides by itself between the new release and the one before; see: watchreload status");
            if (last.Instance != request.ExpectInstance)
                return Unknown(last.Version, $"Node {node.Node} was restarted during the reload; it runs release {last.Release}.", "If that is not the one you want: watchreload reload");
            if (last.Version > request.ExpectVersion && last.Release == request.Release)
                return Committed(last, request);
        }

        return Unknown(last?.Version ?? 0, lost.Message, $"Whether node {node.Node} still takes release {request.Release} is not known; look: watchreload status");
    }

    private NodeVerdict Committed(NodeStatus status, ReloadRequest request) => new(node.Node, new ReloadReport
    {
        Verdict = ReloadVerdict.Committed,
        Release = status.Release,
        Version = status.Version,
        PreviousVersion = request.ExpectVersion,
        Mvid = status.Mvid,
        Late = status.Late,
        LateCount = status.LateCount,
        Parked = status.Parked,
        ParkedCount = status.ParkedCount,
        Warnings = ["The connection was lost before the report came; the node's status says that it was committed."],
    });

    private NodeVerdict Unknown(int version, string cause, string remedy) =>
        NodeVerdict.Refused(node.Node, version, $"{cause} {remedy}") with { Unknown = true };
}
