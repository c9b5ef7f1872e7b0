using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Builder.Sdk;

/// <summary>
/// The SDK's compiler server, in this process, under a name that only this process knows: compilations find it warm, and it ends
/// with the builder, however the builder ends.
/// </summary>
/// <remarks>
/// Theory of operation. MSBuild's Csc task asks for compilations over a named pipe, whose name is the property SharedCompilationId; when nobody
/// holds the name it starts a detached server process. So the server runs before a build starts. It ends by itself
/// after a compilation that was cancelled; <see cref="EnsureRunning"/> starts it again. If the SDK has no
/// server that starts this way, builds go on without one: each compilation is a process.
/// </remarks>
internal sealed class CompilerServer(DotnetSdk sdk, ILogger log) : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private const string Sockets = "/tmp";
    private const string Prefix = "watchreload-compiler-";
    private const string Dispatcher = "Microsoft.CodeAnalysis.CompilerServer.ServerDispatcher, VBCSCompiler";

    private MethodInfo? _main;
    private Thread? _thread;
    private bool _unusable;

    /// <summary>What SharedCompilationId is set to.</summary>
    public string Id { get; } = $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():n}";

    /// <summary>Whether compilations can go to the server; starts it if it does not run.</summary>
    public bool EnsureRunning()
    {
        if (_unusable || _thread is { IsAlive: true } && Listens())
            return !_unusable;
        try
        {
            if (_main is null)
                RemoveTraces();
            _main ??= Load();
            _thread?.Join(StartTimeout); // it has stopped listening, and is about to end
            _thread = new Thread(Run) { IsBackground = true, Name = "compiler server" };
            _thread.Start();
            _unusable = !SpinWait.SpinUntil(() => Listens() || !_thread.IsAlive, StartTimeout) || !_thread.IsAlive;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or MissingMethodException)
        {
            BuilderLog.CompilerServerFailed(log, e, sdk.Version);
            _unusable = true;
        }
        if (_unusable)
            BuilderLog.CompilerServerUnusable(log, sdk.Version);
        return !_unusable;
    }

    /// <summary>The process is about to end, and the server with it; its socket would stay.</summary>
    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
            File.Delete(Path.Combine(Sockets, Id));
    }

    /// <remarks>
    /// A server that is a process of its own collects its garbage eleven times over every half minute, and ends after ten, as nobody else looks
    /// after its memory. This one has the builder's heap, which the builder tidies up, and ends with it.
    /// </remarks>
    private MethodInfo Load()
    {
        var main = SdkRoslyn.LoadServer(sdk).EntryPoint ?? throw new MissingMethodException("VBCSCompiler has no entry point");
        try
        {
            BetweenCollections(null) = Timeout.InfiniteTimeSpan;
            UntilItEnds(null) = Timeout.InfiniteTimeSpan;
        }
        catch (Exception e) when (e is MissingFieldException or TypeLoadException or FileNotFoundException or FileLoadException)
        {
            BuilderLog.CompilerServerCollects(log, e, sdk.Version);
        }
        return main;
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "GCTimeout")]
    private static extern ref TimeSpan BetweenCollections([UnsafeAccessorType(Dispatcher)] object? dispatcher);

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "DefaultServerKeepAlive")]
    private static extern ref TimeSpan UntilItEnds([UnsafeAccessorType(Dispatcher)] object? dispatcher);

    private void Run()
    {
        try
        {
            var exitCode = _main!.Invoke(null, [new[] { "-pipename:" + Id }]);
            BuilderLog.CompilerServerEnded(log, exitCode as int? ?? 0);
        }
        catch (TargetInvocationException e)
        {
            BuilderLog.CompilerServerFailed(log, e.InnerException ?? e, sdk.Version);
        }
    }

    /// <summary>Roslyn puts its sockets into /tmp, whatever TMPDIR says.</summary>
    private bool Listens() => File.Exists(OperatingSystem.IsWindows() ? $@"\\.\pipe\{Id}" : Path.Combine(Sockets, Id));

    /// <summary>Sockets of builders that were killed.</summary>
    private static void RemoveTraces()
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var path in Directory.EnumerateFiles(Sockets, Prefix + "*"))
        {
            var parts = Path.GetFileName(path)[Prefix.Length..].Split('-');
            if (!int.TryParse(parts[0], CultureInfo.InvariantCulture, out var pid) || ProcessIdentity.Of(pid) is not null)
                continue;
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's: left to that user.
            }
        }
    }
}
