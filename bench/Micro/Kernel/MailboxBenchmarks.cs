using BenchmarkDotNet.Attributes;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Bench.Micro.Kernel;

/// <summary>The queue alone, without an actor. Figures are for one message, in and out.</summary>
public class MailboxBenchmarks
{
    private const int Batch = 1_000;

    private readonly object _message = new();
    private Mailbox _mailbox = Mailbox.Create();

    [Benchmark]
    public object Enqueue_and_dequeue()
    {
        _mailbox.Enqueue(new Envelope(_message, null));
        _mailbox.TryDequeue(out var payload, out _);
        return payload;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int Enqueue_many_then_dequeue()
    {
        for (var i = 0; i < Batch; i++) _mailbox.Enqueue(new Envelope(_message, null));
        var taken = 0;
        while (_mailbox.TryDequeue(out _, out _)) taken++;
        return taken == Batch ? taken : throw new InvalidOperationException($"{taken} of {Batch} messages came out.");
    }
}
