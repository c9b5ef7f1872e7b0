using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace WatchReload.Control;

/// <summary>Compiles what the first edit would find cold.</summary>
/// <remarks>
/// Theory of operation. A method is compiled at its first call. From a save to the new code some hundreds of methods are called for the first time, in the daemon
/// and in the node, one after the other, while somebody waits. A thread of its own compiles them beforehand, in short steps between which it sleeps, so that a start is not
/// slower for it. Nothing of them is run. Generic ones are left out, as nobody knows yet with what they will be called.
/// </remarks>
public sealed class CompileAhead : IAsyncDisposable
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<int> _methods = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CompileAhead(IReadOnlyList<Assembly> assemblies) =>
        new Thread(() => Run(assemblies)) { IsBackground = true, Name = "compile ahead", Priority = ThreadPriority.Lowest }.Start();

    /// <summary>How many methods were compiled, when all are, or it was ended.</summary>
    public Task<int> Methods => _methods.Task;

    /// <summary>All methods of those assemblies, and how the records of the pipe are read and written.</summary>
    public static CompileAhead Begin(params IReadOnlyList<Assembly> assemblies)
    {
        ArgumentNullException.ThrowIfNull(assemblies);
        return new CompileAhead(assemblies);
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Methods;
        _stop.Dispose();
    }

    private void Run(IReadOnlyList<Assembly> assemblies)
    {
        var compiled = 0;
        try
        {
            RecordsAhead.ReadAndWrite();
            var since = Stopwatch.GetTimestamp();
            foreach (var method in assemblies.SelectMany(Types).Where(type => !type.ContainsGenericParameters).SelectMany(WithBody))
            {
                if (TryCompile(method))
                    compiled++;
                if (Stopwatch.GetElapsedTime(since) < Step)
                    continue;
                if (_stop.Token.WaitHandle.WaitOne(Rest))
                    break;
                since = Stopwatch.GetTimestamp();
            }
        }
        catch (Exception)
        {
            // Whoever goes the way is told. A process that serves does not end for what was only to spare a moment.
        }
        finally
        {
            _methods.SetResult(compiled);
        }
    }

    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>(); // the others are for a library that is not here
        }
    }

    private static IEnumerable<MethodBase> WithBody(Type type) => type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)).Where(HasBody);

    private static bool HasBody(MethodBase method) =>
        !method.IsAbstract && !method.ContainsGenericParameters && (method.Attributes & MethodAttributes.PinvokeImpl) == 0
        && (method.MethodImplementationFlags & (MethodImplAttributes.InternalCall | MethodImplAttributes.Runtime)) == 0;

    private static bool TryCompile(MethodBase method)
    {
        try
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
            return true;
        }
        catch (Exception)
        {
            return false; // whoever calls it will be told
        }
    }
}
