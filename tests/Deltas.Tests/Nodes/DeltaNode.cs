using System.Text;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Deltas.Tests.Nodes;

/// <summary>A node on a release, and the compiler that knows what it has loaded.</summary>
internal sealed class DeltaNode(NodeHarness harness, CompiledAssembly compiled, WrittenRelease release) : IAsyncDisposable
{
    private readonly Difference _difference = new(compiled);

    /// <summary>Started on the service, for deltas.</summary>
    /// <param name="service">What it serves first.</param>
    /// <param name="time">Of the node; null: the system's.</param>
    /// <param name="loggers">Where it logs; null: nowhere.</param>
    public static async Task<DeltaNode> Start(CountingService service, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        var harness = new NodeHarness { Deltas = true, Time = time ?? TimeProvider.System };
        var compiled = service.Compile();
        var release = harness.Releases.Write(compiled, [.. service.References]);
        Assert.Null(await harness.StartOn(release, loggers));
        return new DeltaNode(harness, compiled, release);
    }

    public NodeHarness Harness => harness;

    /// <summary>That it was started on.</summary>
    public WrittenRelease Release => release;

    public AssemblyDelta Make(CountingService service)
    {
        var result = _difference.To(service.Source);
        Assert.Null(result.Doubt);
        return result.Delta!;
    }

    /// <summary>What the runtime refuses, and nobody before it.</summary>
    public AssemblyDelta Untakeable(CountingService service, string type, string field) => _difference.WithField(service.Source, type, field);

    public Task<ReloadReport> Apply(CountingService service) => Send(Make(service));

    public Task<ReloadReport> Send(params IReadOnlyList<AssemblyDelta> deltas) => harness.Reload(release, request => request with
    {
        Release = harness.Status.Release!,
        Delta = new TreeDelta { SourceHash = ReleaseWriter.Hash(Encoding.UTF8.GetBytes(deltas[0].Id.ToString())), Assemblies = deltas },
    });

    public ValueTask DisposeAsync() => harness.DisposeAsync();
}
