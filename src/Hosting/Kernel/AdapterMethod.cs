using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>One <see cref="IAdapt{TForeign,TMessage}"/> of a behavior: foreign message in, own message out.</summary>
internal abstract class AdapterMethod
{
    public abstract Type ForeignType { get; }

    public abstract object Adapt(object foreign);

    /// <summary>By the foreign type's name, which is what a reference remembers over versions.</summary>
    public static Dictionary<string, AdapterMethod> AllOf(Type behavior, Type messageType)
    {
        var found = new Dictionary<string, AdapterMethod>(StringComparer.Ordinal);
        foreach (var contract in behavior.GetInterfaces())
        {
            if (!contract.IsGenericType || contract.GetGenericTypeDefinition() != typeof(IAdapt<,>) || contract.GenericTypeArguments[1] != messageType) continue;
            var foreign = contract.GenericTypeArguments[0];
            found[KeyOf(foreign)] = (AdapterMethod)Activator.CreateInstance(typeof(AdapterMethod<,,>).MakeGenericType(behavior, foreign, messageType))!;
        }

        return found;
    }

    public static string KeyOf(Type foreign) => SourceNames.Full(foreign);
}

internal sealed class AdapterMethod<TBehavior, TForeign, TMessage> : AdapterMethod where TBehavior : IAdapt<TForeign, TMessage>
{
    public override Type ForeignType => typeof(TForeign);

    public override object Adapt(object foreign) => TBehavior.Adapt((TForeign)foreign)!;
}
