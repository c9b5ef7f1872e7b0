using System.Reflection;
using System.Runtime.CompilerServices;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Compiles what live messages would otherwise wait for: behaviors, their state machines and closures, and mappings.</summary>
internal static class WarmUp
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>What cannot be compiled: code that was built against something else than what is there.</summary>
    public static IReadOnlyList<string> Run(ServiceVersion version)
    {
        var problems = new List<string>();
        foreach (var behavior in version.Behaviors)
        {
            // An unchanged assembly is compiled already.
            Compile(behavior.BehaviorType, problems);
            if (!behavior.StateType.IsConstructedGenericType && HotTypes.Includes(behavior.StateType)) Compile(behavior.StateType, problems);
        }

        if (problems.Count == 0) version.Mapping.WarmUp();
        return [.. problems.Distinct()];
    }

    private static void Compile(Type type, List<string> problems)
    {
        if (type.ContainsGenericParameters) return;
        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
        {
            if (!method.IsAbstract && !method.ContainsGenericParameters && (method.MethodImplementationFlags & MethodImplAttributes.InternalCall) == 0 && (method.Attributes & MethodAttributes.PinvokeImpl) == 0)
                Compile(method, problems);
        }

        foreach (var nested in type.GetNestedTypes(Declared)) Compile(nested, problems);
    }

    private static void Compile(MethodBase method, List<string> problems)
    {
        try
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
        catch (Exception cause) when (cause is MemberAccessException or TypeLoadException or IOException or BadImageFormatException or InvalidProgramException)
        {
            problems.Add($"{method.DeclaringType}.{method.Name} cannot be compiled: {cause.Message} Build all projects of the service against the same versions of each other and of their packages.");
        }
    }
}
