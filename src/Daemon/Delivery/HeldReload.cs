using WatchReload.Control;

namespace WatchReload.Daemon.Delivery;

/// <summary>A reload that one node has prepared and holds, or has decided already (refused, unchanged).</summary>
internal sealed class HeldReload
{
    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(20);
    private readonly NodeLink _node;
    private readonly string? _id;
    private readonly Task<NodeVerdict> _verdict;

    private HeldReload(NodeLink node, string? id, Task<NodeVerdict> verdict) => (_node, _id, _verdict) = (node, id, verdict);

    public string Node => _node.Node;

    /// <summary>Null while the node waits for the decision.</summary>
    public NodeVerdict? Early => _verdict.IsCompletedSuccessfully ? _verdict.Result : null;

    public static HeldReload Decided(NodeLink node, NodeVerdict verdict) => new(node, null, Task.FromResult(verdict));

    /// <summary>Reads until the node has prepared; goes on reading in the background. Owns the lines, and the request.</summary>
    public static async Task<HeldReload> Follow(NodeLink node, PipeLines<ReloadEvent> lines, Func<PipeException, CancellationToken, Task<NodeVerdict>> settle, SentRequest sent)
    {
        var prepared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var verdict = Read();
        await Task.WhenAny(prepared.Task, verdict);
        return new HeldReload(node, lines.Id, verdict);

        async Task<NodeVerdict> Read()
        {
            using (sent)
            await using (lines)
            {
                try
                {
                    await foreach (var line in lines.WithCancellation(sent.Token))
                    {
                        if (line.Report is { } report)
                            return new NodeVerdict(node.Node, report);
                        if (line.Held)
                            prepared.TrySetResult();
                    }

                    return await settle(new PipeException(PipeFailure.Lost, $"Node {node.Node} ended its answer without a report.", "Look: watchreload status"), sent.Token);
                }
                catch (PipeException e)
                {
                    return await settle(e, sent.Token);
                }
                catch (OperationCanceledException)
                {
                    return NodeVerdict.Refused(node.Node, 0, $"Node {node.Node} has not answered by the time that whoever gave up waits.") with { Unknown = true };
                }
            }
        }
    }

    /// <summary>Tells the node, and waits for its report. It cannot be given up: one node would have the new version, and another the one before.</summary>
    public async Task<NodeVerdict> Decide(bool commit, TimeProvider time)
    {
        for (var start = time.GetTimestamp(); _id is not null && !_verdict.IsCompleted && time.GetElapsedTime(start) < NodeDelivery.Hold; await Task.Delay(_again, time))
        {
            try
            {
                await _node.Decide(_id, commit, CancellationToken.None);
                break;
            }
            catch (PipeException e) when (e.Status == 404)
            {
                // Its hold has ended: then its report is on the way. Or it is of an earlier WatchReload, which tells just before it holds: again.
            }
            catch (PipeException)
            {
                break; // gone: the question after its report tells what became of it
            }
        }

        return await _verdict;
    }
}
