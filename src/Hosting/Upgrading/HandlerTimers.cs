using System.Collections;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// The timers of a version's <see cref="IHttpClientFactory"/>. It lets each handler live for two minutes, as a rule, by a timer that it does not stop when its container is disposed
/// of: as long as that runs the runtime keeps the factory, and with it the container and the version.
/// </summary>
internal sealed class HandlerTimers
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic;
    private static readonly Type[] s_factories = [.. typeof(IHttpClientFactory).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IHttpClientFactory)))];
    private readonly object[] _factories;

    private HandlerTimers(object[] factories) => _factories = factories;

    /// <summary>Of a container that is about to be disposed of.</summary>
    public static HandlerTimers Of(IServiceProvider services)
    {
        try
        {
            return new HandlerTimers([.. s_factories.Select(services.GetService).OfType<object>()]);
        }
        catch (Exception)
        {
            // Code of the service that the factory, which has not been used, would call.
            return new HandlerTimers([]);
        }
    }

    /// <summary>When nothing asks for a handler any more. Handlers are not disposed of: one may be shared with other versions.</summary>
    public void Stop()
    {
        foreach (var timer in _factories.Concat(_factories.SelectMany(Fields<IDictionary>).SelectMany(handlers => handlers.Values.Cast<object>()).Select(Made).OfType<object>()).SelectMany(Fields<Timer>))
            timer.Dispose();
    }

    /// <summary>What there is of a <see cref="Lazy{T}"/>.</summary>
    private static object? Made(object lazy) => Get(lazy, nameof(Lazy<>.IsValueCreated)) is true ? Get(lazy, nameof(Lazy<>.Value)) : null;

    private static object? Get(object of, string property) => of.GetType().GetProperty(property)?.GetValue(of);

    // There is no other way to these. A runtime that keeps them elsewhere gives none here, and the version lingers for as long as its handlers live.
    private static IEnumerable<T> Fields<T>(object of) => of.GetType().GetFields(Own).Select(field => field.GetValue(of)).OfType<T>();
}
