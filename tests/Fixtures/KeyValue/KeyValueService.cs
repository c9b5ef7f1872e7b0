using WatchReload.Actors;

namespace WatchReload.Fixtures.KeyValue;

/// <summary>One store, served twice: by a small binary protocol, and by a part of RESP, the protocol of Redis.</summary>
public sealed class KeyValueService : IService
{
    public void Configure(IServiceBuilder service)
    {
        service.Actor<Store, StoreState, StoreMessage>(Store.Name, () => new StoreState());
        service.Listen("binary", service.Configuration["KeyValue:Binary"] ?? "127.0.0.1:7002")
            .LengthPrefixed(LengthPrefix.UInt16BigEndian, maxLength: 32 * 1024)
            .Accept<BinaryConnection, SessionState, SessionMessage>(_ => new SessionState(0));
        service.Listen("resp", service.Configuration["KeyValue:Resp"] ?? "127.0.0.1:7003")
            .Framing<RespFraming>()
            .Accept<RespConnection, SessionState, SessionMessage>(_ => new SessionState(0));
    }
}
