using WatchReload.Actors;

namespace WatchReload.Bench.Crowd;

/// <summary>A node full of small actors, made and measured by the lines of a control connection.</summary>
public sealed class CrowdService : IService
{
    public void Configure(IServiceBuilder service)
    {
        service.Actor<Keeper, KeeperState, KeeperMessage>(Names.Keeper, () => new KeeperState(default));
        service.Listen("control", service.Configuration["Chat:Endpoint"] ?? "127.0.0.1:0").Lines(4096).Accept<Control, ControlState, ControlMessage>(_ => new ControlState(0));
    }

    public ValueTask CodeChange(CodeChangeContext change) => default;
}

/// <summary>The named actor of this service.</summary>
public static class Names
{
    public static readonly ActorName<KeeperMessage> Keeper = new("keeper");
}
