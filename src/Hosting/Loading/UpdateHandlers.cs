using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// Tells frameworks and packages to drop what they cached of types that go: the <c>ClearCache</c> methods that they declare by
/// <see cref="MetadataUpdateHandlerAttribute"/> for hot reload. System.Text.Json's and TypeDescriptor's caches are freed this way.
/// </summary>
/// <remarks>
/// They are anybody's code. One that throws, or does not return, keeps no reload from its end: it goes on by itself, and is not called again until it has returned.
/// Of those who call at once, as two versions that retire, one waits for the other.
/// </remarks>
internal sealed class UpdateHandlers(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private const string ClearCache = "ClearCache";
    private const string UpdateApplication = "UpdateApplication";

    private readonly StayingAssemblies _staying = StayingAssemblies.OfProcess;
    private readonly ConcurrentDictionary<Assembly, (string Name, Action<Type[]?> Method)[]> _known = new();
    private readonly ConcurrentDictionary<Action<Type[]?>, byte> _running = new();
    private readonly Lock _calling = new();

    /// <summary>Of types that go.</summary>
    public void ClearCaches(Type[] types) => Call(ClearCache, types, ofCore: false);

    /// <summary>Of types whose bodies are others now: caches are cleared, then whoever wants to know is told.</summary>
    public void Updated(Type[] types)
    {
        Call(ClearCache, types, ofCore: true);
        Call(UpdateApplication, types, ofCore: true);
    }

    /// <param name="name">ClearCache or UpdateApplication.</param>
    /// <param name="types">What it is about.</param>
    /// <param name="ofCore">Whether the core library's handler is called. Not for types that go: its caches go with them, and it would walk all types of the process.</param>
    private void Call(string name, Type[] types, bool ofCore)
    {
        foreach (var assembly in _staying.All)
        {
            if (!ofCore && assembly == typeof(object).Assembly) continue;
            foreach (var (called, method) in _known.GetOrAdd(assembly, Find))
            {
                if (called != name) continue;
                lock (_calling)
                    if (_running.TryAdd(method, 0)) Call(name, assembly, method, types);
            }
        }
    }

    /// <summary>In the pool, whose threads do not end. What it has not cleared may keep the version in memory, and is found there by the unload check.</summary>
    private void Call(string name, Assembly assembly, Action<Type[]?> method, Type[] types)
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(_ =>
        {
            try
            {
                method(types);
            }
            catch (Exception error)
            {
                LoadingLog.HandlerFailed(logger, name, assembly.GetName().Name, error);
            }
            finally
            {
                _running.TryRemove(method, out byte _);
                called.SetResult();
            }
        }, null);
        using var isOver = new CancellationTokenSource();
        Task.WaitAny(called.Task, Task.Delay(Patience, time, isOver.Token));
        isOver.Cancel();
        if (!called.Task.IsCompleted) LoadingLog.HandlerGoesOn(logger, name, assembly.GetName().Name, Patience.TotalSeconds);
    }

    private (string Name, Action<Type[]?> Method)[] Find(Assembly assembly)
    {
        try
        {
            return [.. assembly.GetCustomAttributes<MetadataUpdateHandlerAttribute>().SelectMany(handler => Find(handler.HandlerType))];
        }
        catch (Exception error) when (error is IOException or TypeLoadException or BadImageFormatException or CustomAttributeFormatException)
        {
            LoadingLog.HandlersUnreadable(logger, assembly.GetName().Name, error);
            return [];
        }
    }

    private static IEnumerable<(string Name, Action<Type[]?> Method)> Find(Type handler)
    {
        foreach (var name in (string[])[ClearCache, UpdateApplication])
        {
            if (handler.GetMethod(name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(Type[])]) is { } method && method.ReturnType == typeof(void))
                yield return (name, method.CreateDelegate<Action<Type[]?>>());
        }
    }
}
