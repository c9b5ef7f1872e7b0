using System.Reflection;
using System.Runtime.CompilerServices;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Compiles what live messages would otherwise wait for: behaviors, their state machines and closures, and mappings.</summary>
/// <remarks>
/// The first method to be compiled that uses an assembly runs the module initializers of that assembly, which may throw or hang. Static constructors run later, in the first turn that needs them.
/// </remarks>
internal sealed class WarmUp
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private readonly List<string> _problems = [];
    private volatile MethodBase? _compiling;
    private volatile bool _givenUp;

    private WarmUp()
    {
    }

    /// <summary>What cannot be compiled: code that was built against something else than what is there, or whose module initializers fail.</summary>
    /// <param name="version">Is held by what hangs, as long as that does.</param>
    /// <param name="within">Whatever has not ended by then hangs.</param>
    /// <param name="time">What that is told by.</param>
    public static async Task<IReadOnlyList<string>> Run(ServiceVersion version, TimeSpan within, TimeProvider time)
    {
        var warmUp = new WarmUp();
        var since = time.GetUtcNow();
        var running = OwnThreads.Run(() => warmUp.Run(version));
        if (await Deadlines.AreKept(running, within, time)) return [.. warmUp._problems.Distinct()];
        warmUp._givenUp = true;
        var hangs = warmUp._compiling;
        version.Hosted.AddCall(running, $"a module initializer, of an assembly that {(hangs is null ? "a mapping of states" : Named(hangs))} uses,", since);
        return [$"{(hangs is null ? "The mappings of states were" : $"{Named(hangs)} was")} not compiled within {within.TotalSeconds:0} s: a module initializer of an assembly that is used there did not end. What waits or does I/O belongs in a hosted service."];
    }

    private void Run(ServiceVersion version)
    {
        foreach (var behavior in version.Behaviors)
        {
            // An unchanged assembly is compiled already.
            Compile(behavior.BehaviorType);
            if (!behavior.StateType.IsConstructedGenericType && HotTypes.Includes(behavior.StateType)) Compile(behavior.StateType);
        }

        _compiling = null;
        if (_problems.Count == 0 && !_givenUp) version.Mapping.WarmUp();
    }

    private void Compile(Type type)
    {
        if (type.ContainsGenericParameters) return;
        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
        {
            if (!method.IsAbstract && !method.ContainsGenericParameters && (method.MethodImplementationFlags & MethodImplAttributes.InternalCall) == 0 && (method.Attributes & MethodAttributes.PinvokeImpl) == 0)
                Compile(method);
        }

        foreach (var nested in type.GetNestedTypes(Declared)) Compile(nested);
    }

    private void Compile(MethodBase method)
    {
        if (_givenUp) return;
        _compiling = method;
        try
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
        catch (TypeInitializationException cause)
        {
            // Of each method that uses the assembly; it is told once.
            var inner = cause.InnerException ?? cause;
            _problems.Add($"A module initializer of an assembly of the service threw {SourceNames.Short(inner.GetType())}: {inner.Message} What may fail belongs in Configure, or in a hosted service.");
        }
        catch (Exception cause) when (cause is MemberAccessException or TypeLoadException or IOException or BadImageFormatException or InvalidProgramException)
        {
            _problems.Add($"{method.DeclaringType}.{method.Name} cannot be compiled: {cause.Message} Build all projects of the service against the same versions of each other and of their packages.");
        }
    }

    private static string Named(MethodBase method) => $"{method.DeclaringType}.{method.Name}";
}
