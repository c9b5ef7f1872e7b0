namespace WatchReload.Hosting.Loading;

/// <summary>Full garbage collections that no turn waits for. Requests that come while one is under way share the next.</summary>
/// <remarks>
/// <para>
/// What works on .NET 10, tried on heaps of 10,000 to 4,000,000 objects, workstation and server: <see cref="GCCollectionMode.Optimized"/>
/// does nothing in an idle process. <see cref="GCCollectionMode.Forced"/> with <c>blocking: false</c> runs in the background with pauses of
/// mostly 1 to 2 ms, at times up to 30; unless the old generation, the large objects and the pinned ones have 4 MB or less each, for then the runtime blocks. So there is
/// <see cref="Ballast"/>. The first of a process starts the collector's thread, which takes 10 to 100 ms: <see cref="Prime"/> has that over with before anything is served.
/// </para>
/// <para>
/// A collectible context goes in two: the first finds its assembly unreachable, the finalizer of the assembly's loader allocator then frees
/// it in the runtime, and the second takes the context object itself. Hence the wait for finalizers in between.
/// </para>
/// </remarks>
internal static class Collections
{
    private const int PrimingLimit = 4;

    /// <summary>More than the runtime takes for too small to be collected in the background. No page of it is ever touched: it is address space, and not memory.</summary>
    private static readonly byte[] Ballast = GC.AllocateUninitializedArray<byte>(5 << 20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    // The collector is the process's and keeps the process's time, whatever clock a node in it was given.
    private static readonly TimeProvider Clock = TimeProvider.System;
    private static readonly Lock Gate = new();
    private static Task _current = Task.CompletedTask;
    private static Task? _next;
    private static Task _finalizers = Task.CompletedTask;
    private static bool _primed;

    /// <summary>Collects until the runtime does so in the background. Once a process; to be called while nothing is served.</summary>
    public static void Prime()
    {
        lock (Gate)
        {
            GC.KeepAlive(Ballast);
            for (var count = 0; !_primed && count < PrimingLimit && GC.GetGCMemoryInfo(GCKind.Background).Index == 0; count++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            }

            _primed = true;
        }
    }

    /// <summary>Ends when a full collection that started after this call, and the finalizers that it made due, have ended, or have taken too long.</summary>
    public static Task Full()
    {
        lock (Gate)
        {
            return _next ??= Task.Run(() => RunAfter(_current));
        }
    }

    private static async Task RunAfter(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (Gate)
        {
            _current = _next!;
            _next = null;
        }

        var start = Clock.GetTimestamp();
        bool isOurs;
        do
        {
            var (index, count) = (LastFull, GC.CollectionCount(GC.MaxGeneration));
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            // While one is under way in the background the runtime begins no other, and that one may have passed by what is to be proved.
            isOurs = GC.CollectionCount(GC.MaxGeneration) != count;
            while (LastFull == index && Clock.GetElapsedTime(start) < Longest)
            {
                await Task.Delay(Poll, Clock).ConfigureAwait(false);
            }
        }
        while (!isOurs && Clock.GetElapsedTime(start) < Longest);

        // A finalizer that hangs must not take a thread each time.
        if (_finalizers.IsCompleted)
        {
            _finalizers = Task.Run(GC.WaitForPendingFinalizers);
        }

        await Task.WhenAny(_finalizers, Task.Delay(Longest, Clock)).ConfigureAwait(false);
    }

    /// <summary>The number of the last full collection that has ended, in the background or not.</summary>
    private static long LastFull => Math.Max(GC.GetGCMemoryInfo(GCKind.Background).Index, GC.GetGCMemoryInfo(GCKind.FullBlocking).Index);
}
