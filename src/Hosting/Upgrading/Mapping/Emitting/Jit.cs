using System.Reflection;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

internal static class Jit
{
    /// <summary>Compiles a method before it is called.</summary>
    public static void Prepare(MethodInfo method)
    {
        var arguments = method.DeclaringType!.IsGenericType ? Array.ConvertAll(method.DeclaringType.GetGenericArguments(), a => a.TypeHandle) : null;
        RuntimeHelpers.PrepareMethod(method.MethodHandle, arguments);
    }
}
