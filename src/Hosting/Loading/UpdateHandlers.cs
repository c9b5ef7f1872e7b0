using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// Tells frameworks and packages to drop what they cached of types that go: the <c>ClearCache</c> methods that they declare by
/// <see cref="MetadataUpdateHandlerAttribute"/> for hot reload. System.Text.Json's and TypeDescriptor's caches are freed this way.
/// </summary>
internal sealed class UpdateHandlers(ILogger logger)
{
    private readonly ConcurrentDictionary<Assembly, Action<Type[]?>[]> _known = new();

    public void ClearCaches(Type[] types)
    {
        // The core library's handler is left out: its caches go with the types, and it would walk all types of the process.
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (assembly is { IsCollectible: false, IsDynamic: false } && assembly != typeof(object).Assembly)
            {
                foreach (var clear in _known.GetOrAdd(assembly, Find))
                {
                    Clear(assembly, clear, types);
                }
            }
        }
    }

    private void Clear(Assembly assembly, Action<Type[]?> clear, Type[] types)
    {
        try
        {
            clear(types);
        }
        catch (Exception error)
        {
            // Someone else's code: what it still caches may keep the version in memory, and is found there by the unload check.
            LoadingLog.ClearCacheFailed(logger, assembly.GetName().Name, error);
        }
    }

    private Action<Type[]?>[] Find(Assembly assembly)
    {
        try
        {
            return [.. assembly.GetCustomAttributes<MetadataUpdateHandlerAttribute>().Select(handler => Find(handler.HandlerType)).OfType<Action<Type[]?>>()];
        }
        catch (Exception error) when (error is IOException or TypeLoadException or BadImageFormatException or CustomAttributeFormatException)
        {
            LoadingLog.HandlersUnreadable(logger, assembly.GetName().Name, error);
            return [];
        }
    }

    private static Action<Type[]?>? Find(Type handler) =>
        handler.GetMethod("ClearCache", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(Type[])]) is { } method && method.ReturnType == typeof(void)
            ? method.CreateDelegate<Action<Type[]?>>()
            : null;
}
