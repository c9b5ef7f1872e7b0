using System.Reflection;
using System.Runtime.CompilerServices;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Compiles what live messages would otherwise wait for: behaviors, their state machines and closures, and mappings.</summary>
internal static class WarmUp
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    public static void Run(ServiceVersion version)
    {
        foreach (var behavior in version.Behaviors)
        {
            // An unchanged assembly is compiled already.
            Compile(behavior.BehaviorType);
            if (!behavior.StateType.IsConstructedGenericType && HotTypes.Includes(behavior.StateType)) Compile(behavior.StateType);
        }

        version.Mapping.WarmUp();
    }

    private static void Compile(Type type)
    {
        if (type.ContainsGenericParameters) return;
        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
        {
            if (!method.IsAbstract && !method.ContainsGenericParameters && (method.MethodImplementationFlags & MethodImplAttributes.InternalCall) == 0 && (method.Attributes & MethodAttributes.PinvokeImpl) == 0)
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }

        foreach (var nested in type.GetNestedTypes(Declared)) Compile(nested);
    }
}
