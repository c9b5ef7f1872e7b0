using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WatchReload.Actors;

namespace WatchReload.Service;

/// <summary>A chat over TCP: one <see cref="Index"/> that knows who is here, one <see cref="Connection"/> a client.</summary>
public sealed class ChatService : IService
{
    public const string DefaultEndpoint = "127.0.0.1:7000";
    public const int MaxLineBytes = 4096;

    public void Configure(IServiceBuilder service)
    {
        // An index that started afresh would have forgotten the names of those who are connected. So a failing one is parked:
        // it keeps its state and its mail until a reload brings code that works.
        service.Actor<Index, IndexState, IndexMessage>(Names.Index, () => IndexState.Empty)
            .OnFailure(FailurePolicy.Park, max: 5, within: TimeSpan.FromMinutes(1));

        service.Listen("chat", service.Configuration["Chat:Endpoint"] ?? DefaultEndpoint)
            .Lines(MaxLineBytes)
            .Accept<Connection, ConnectionState, ConnectionMessage>(_ => ConnectionState.Unnamed);
    }

    public ValueTask CodeChange(CodeChangeContext change)
    {
        Log.ServiceChanged(change.Services.GetRequiredService<ILogger<ChatService>>(), change.From, change.To);
        change.Actors.Find(Names.Index).Send(new IndexMessage.CodeChanged(change.From, change.To));
        return default;
    }
}
