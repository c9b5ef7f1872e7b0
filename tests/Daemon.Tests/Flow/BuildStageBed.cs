using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>A project of one source file with content, and the stage that builds it, with a real builder.</summary>
public abstract class BuildStageBed : IAsyncLifetime
{
    private protected const string Source = "src/A.cs";
    private protected const string Content = "src/settings.json";
    private protected PipelineBed Bed { get; private set; } = null!;
    private protected BuilderHost Builder { get; private set; } = null!;
    private protected BuildStage Stage { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Bed = await PipelineBed.Create();
        Bed.Scratch.Write("global.json", "{}");
        Bed.Scratch.Write("Directory.Build.props", "<Project />");
        Bed.Scratch.Write("src/S.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><Content Include="settings.json" CopyToOutputDirectory="PreserveNewest" /></ItemGroup></Project>
            """);
        Write(body: 1, content: 1);
        Builder = new BuilderHost(new BuilderSettings(Bed.Scratch.State), TimeProvider.System, NullLogger<BuilderHost>.Instance);
        Stage = new BuildStage(Bed.Settings("Debug") with { Deltas = true }, Builder, Bed.Releases, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await Builder.DisposeAsync();
        await Bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<(BuildResult Released, LoadedAssembly Has)> Released()
    {
        var released = await Build(null);
        await WarmUp();
        return (released, new LoadedAssembly("S", Mvid(released.Outcome.Outputs.Single(output => output.Path == "S.dll").Source), 0));
    }

    private protected Task WarmUp() => Builder.WarmUp(Bed.Settings("Debug").BuildRequest with { Deltas = true }, TestContext.Current.CancellationToken);

    private protected Task<BuildResult> Build(DeltaBase? from, Action<BuildInputs>? learned = null, CancellationToken? cancellation = null) =>
        Stage.Run(new ReloadOrder { Cause = "watch" }, Task.FromResult<(DeltaBase?, string?)>((from, null)), learned ?? (_ => { }), Bed.Events, cancellation ?? TestContext.Current.CancellationToken);

    private protected DeltaBase On(BuildResult released, LoadedAssembly has) =>
        new(new NodeSeat(Bed.Link, new NodeDelivery(Bed.Link, new Fence(Bed.Scratch.State, "main", TimeProvider.System), TimeProvider.System), null), Bed.Node.Status with { Loaded = [has] }, released.Release!);

    private protected void Write(int body, int content)
    {
        Bed.Scratch.Write(Source, $"class A {{ int One() {{ return {body}; }} }}");
        Bed.Scratch.Write(Content, $"{content}");
    }

    private protected static Guid Mvid(string image)
    {
        using var file = new PEReader(File.OpenRead(image));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }
}
