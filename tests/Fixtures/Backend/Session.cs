using System.Buffers;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using WatchReload.Actors;

namespace WatchReload.Fixtures.Backend;

/// <summary>A line names what is to be used; the answer begins with the number of the build that has used it.</summary>
public sealed partial class Session(ILogger<Session> log, IOptionsMonitor<BackendOptions> options, IHttpClientFactory clients, NpgsqlDataSource database)
    : ConnectionBehavior<SessionState, SessionMessage>
{
    public const string Rates = "rates";

    private static readonly JsonSerializerOptions s_reflected = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private static readonly ThreadLocal<Order> s_ofThread = new(() => Order.Sample);

#pragma warning disable WR0001 // made anew where it is lost
    [ThreadStatic]
    private static Order? t_order;
#pragma warning restore WR0001

    public override ValueTask<SessionState> Frame(SessionState s, ReadOnlyMemory<byte> frame, Context self)
    {
        s = s with { Uses = s.Uses + 1 };
        switch (Encoding.UTF8.GetString(frame.Span))
        {
            case "logging":
                Answer(self, Logged(s));
                break;
            case "options":
                Answer(self, $"{options.CurrentValue.Currency} {self.Services.GetRequiredService<IOptionsSnapshot<BackendOptions>>().Value.Currency}");
                break;
            case "generated json":
                Answer(self, Told(JsonSerializer.Deserialize(JsonSerializer.Serialize(Order.Sample, BackendJson.Default.Order), BackendJson.Default.Order)));
                break;
            case "reflected json":
                Answer(self, $"{Told(JsonSerializer.Deserialize<Order>(JsonSerializer.Serialize(Order.Sample)))}, {Told(JsonSerializer.Deserialize<Order>(JsonSerializer.Serialize(Order.Sample, s_reflected), s_reflected))}");
                break;
            case "thread statics":
                Answer(self, $"{Told(t_order ??= Order.Sample)}, {Told(s_ofThread.Value)}, {Told(Rented())}");
                break;
            case "http":
                var client = clients.CreateClient(Rates);
                var path = options.CurrentValue.Currency;
                self.Pipe(stop => client.GetFromJsonAsync<Rate>(path, stop), rate => new SessionMessage.Answer(string.Create(CultureInfo.InvariantCulture, $"{rate!.Currency} {rate.Value}")), why => new SessionMessage.Answer(why.Message));
                break;
            case "database":
                self.Pipe(Connect, text => new SessionMessage.Answer(text), why => new SessionMessage.Answer(why.Message));
                break;
        }

        return new(s);
    }

    public override ValueTask<SessionState> Receive(SessionState s, SessionMessage m, Context self)
    {
        Answer(self, ((SessionMessage.Answer)m).Text);
        return new(s);
    }

    private static void Answer(Context self, string text) => self.WriteLine($"{BackendBuild.Number} {text}");

    private static string Told(Order? order) => $"{order!.Number} {order.Kind} {order.Parts.OfType<Line>().Single().Item} {order.Related.Count}";

    /// <summary>By way of an array that a thread may keep for the next one who asks.</summary>
    private static Order? Rented()
    {
        var orders = ArrayPool<Order?>.Shared.Rent(16);
        var order = orders[0] ?? Order.Sample;
        orders[0] = order;
        ArrayPool<Order?>.Shared.Return(orders);
        return order;
    }

    private string Logged(SessionState s)
    {
        using (log.BeginScope(s)) Used(log, BackendBuild.Number, s);
        return "logged";
    }

    [LoggerMessage(1, LogLevel.Information, "Build {Build} is used: {State}")]
    private static partial void Used(ILogger log, int build, SessionState state);

    /// <summary>The pool that all builds share, what it is set to, and the server's process that answers for one of its connections, or that nobody listens there.</summary>
    private async Task<string> Connect(CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        try
        {
            await using var connection = await database.OpenConnectionAsync(stop);
            await using var command = new NpgsqlCommand("select pg_backend_pid(), @order::jsonb ->> 'Number'", connection);
            command.Parameters.AddWithValue("order", JsonSerializer.Serialize(Order.Sample, BackendJson.Default.Order));
            await using var answer = await command.ExecuteReaderAsync(stop);
            await answer.ReadAsync(stop);
            return string.Create(CultureInfo.InvariantCulture, $"{RuntimeHelpers.GetHashCode(database)} {settings.Database} {answer.GetInt32(0)} {answer.GetString(1)}");
        }
        catch (NpgsqlException refused) when (refused.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return $"{RuntimeHelpers.GetHashCode(database)} {settings.Database} refused";
        }
    }
}
