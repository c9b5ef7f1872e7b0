using System.Runtime.ExceptionServices;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// Threads for the work of a reload, which is long and must neither wait behind the turns of a busy node nor take the pool's threads away from them.
/// </summary>
internal static class OwnThreads
{
    /// <summary>On a thread of its own; what it awaits in earnest goes on in the pool.</summary>
    public static Task<T> Run<T>(Func<Task<T>> work)
    {
        var result = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        KeptThread.Start(() =>
        {
            try
            {
                result.SetResult(work());
            }
            catch (Exception cause)
            {
                result.SetException(cause);
            }
        });
        return result.Task.Unwrap();
    }

    /// <summary>On a thread of its own.</summary>
    public static Task<T> Run<T>(Func<T> work) => Run(() => Task.FromResult(work()));

    /// <summary>On a thread of its own.</summary>
    public static Task Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    /// <summary>
    /// Hands out the items one by one, to the calling thread and to others, one for each processor and two at least: work that blocks its thread holds up its own
    /// item only. Throws what the first one that failed has thrown.
    /// </summary>
    public static void ForEach<T>(IEnumerable<T> items, Action<T> work, CancellationToken cancellation)
    {
        using var crew = new Crew<T>(items, work, cancellation);
        crew.Run(Math.Max(2, Environment.ProcessorCount));
    }

    private sealed class Crew<T>(IEnumerable<T> items, Action<T> work, CancellationToken cancellation) : IDisposable
    {
        private readonly IEnumerator<T> _items = items.GetEnumerator();
        private readonly CountdownEvent _atWork = new(1); // not disposed of: it has no handle, and another may still be at its signal
        private ExceptionDispatchInfo? _failure;
        private bool _ended;

        public void Run(int threads)
        {
            // Whether there is work for a second thread is known when the first has its own.
            if (!TryTake(out var first)) return;
            if (TryTake(out var second))
            {
                Begin(second);
                for (var begun = 1; begun < threads - 1 && TryTake(out var another); begun++) Begin(another);
            }

            Work(first);
            _atWork.Signal();
            AwaitOthers();
            _failure?.Throw();
            cancellation.ThrowIfCancellationRequested();
        }

        public void Dispose() => _items.Dispose();

        /// <summary>Whatever interrupt the work has left behind: what it works on is not left to others.</summary>
        private void AwaitOthers()
        {
            while (true)
            {
                try
                {
                    _atWork.Wait(CancellationToken.None);
                    return;
                }
                catch (ThreadInterruptedException)
                {
                    // It was for the work.
                }
            }
        }

        private void Begin(T item)
        {
            _atWork.AddCount();
            try
            {
                KeptThread.Start(() =>
                {
                    Work(item);
                    _atWork.Signal();
                });
            }
            catch (Exception cause)
            {
                // No thread is to be had. Those that there are end what they do first.
                Fail(cause);
                _atWork.Signal();
            }
        }

        private void Work(T item)
        {
            try
            {
                do work(item);
                while (TryTake(out item!));
            }
            catch (Exception cause)
            {
                Fail(cause);
            }
        }

        private void Fail(Exception cause)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(cause), null);
            lock (_items) _ended = true;
        }

        private bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T item)
        {
            lock (_items)
            {
                _ended = _ended || cancellation.IsCancellationRequested || !_items.MoveNext();
                item = _ended ? default : _items.Current;
                return !_ended;
            }
        }
    }
}
