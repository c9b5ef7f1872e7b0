using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using WatchReload.Actors;

namespace WatchReload.Fixtures.Backend;

/// <summary>Uses what most services use: logging, options, JSON by reflection and by generated code, thread statics, clients of <c>HttpClientFactory</c>, and Npgsql, whose pool outlives versions.</summary>
public sealed class BackendService : IService
{
    public void Configure(IServiceBuilder service)
    {
        service.ConfigureShared(shared => shared.Singleton("orders", configuration => NpgsqlDataSource.Create(configuration["Backend:Database"]!)));
        service.Services.AddOptions<BackendOptions>().BindConfiguration("Backend").Validate(options => options.Currency.All(char.IsAsciiLetterUpper), "A currency has capital letters.");
        service.Services.AddSingleton<IValidateOptions<BackendOptions>, BackendOptionsValidator>();
        service.Services.AddTransient<BuildHeader>();
        service.Services.AddHttpClient(Session.Rates, (services, http) => http.BaseAddress = new Uri(services.GetRequiredService<IOptions<BackendOptions>>().Value.Rates))
            .AddHttpMessageHandler<BuildHeader>();
        service.Listen("orders", service.Configuration["Backend:Endpoint"]!).Lines(maxLength: 4096).Accept<Session, SessionState, SessionMessage>(_ => new SessionState(0));
    }
}
