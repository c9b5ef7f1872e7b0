using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Hosting.Endpoint;

namespace WatchReload.Hosting.Tests.Endpoint;

/// <summary>
/// Whatever is sent to the node's socket: it is answered with what is wrong, or cut off; nothing is changed without a proof; and the next good request
/// is answered.
/// </summary>
public sealed class DamagedRequestTests : IAsyncDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("wr-damaged-");
    private readonly CountingNode _node = new();
    private readonly Defects _defects = new();
    private readonly StateDirectory _state;

    public DamagedRequestTests() => _state = new StateDirectory(Path.Combine(_parent.FullName, "state"));

    public ValueTask DisposeAsync()
    {
        _parent.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact(Timeout = Fuzz.Longest)]
    public async Task Bytes_of_whatever_kind_change_nothing_and_the_next_request_is_answered()
    {
        await using var server = await NodeEndpoint.Start(_node, _state, _defects.Factory, TestContext.Current.CancellationToken);
        using var client = new PipeClient(_state, "main");
        var body = JsonSerializer.Serialize(Request(), ControlJson.Default.ReloadRequest);
        string[] requests =
        [
            "GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /v1/metrics HTTP/1.1\r\nHost: localhost\r\n\r\nGET /v1/nonce HTTP/1.1\r\nHost: localhost\r\n\r\n",
            $"POST /v1/reload?rehearse=true HTTP/1.1\r\nHost: localhost\r\nAuthorization: WatchReload v=1,nonce={new string('a', 32)},mac={new string('b', 64)}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            $"POST /v1/reload/0123/commit HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n",
            "POST /v1/stop HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic eA==\r\nContent-Length: 0\r\n\r\n",
        ];

        await Fuzz.Each(3_000, [.. requests.Select(Encoding.ASCII.GetBytes)], async (input, _) =>
        {
            AssertAnswer(await Exchange(server.Address, input));
            Assert.Equal(3, (await client.Get("/v1/status", ControlJson.Default.NodeStatus)).Version);
        });

        Assert.Equal((0, 0, 0), (_node.Requests.Count, _node.Decisions, _node.Stops));
        Assert.Empty(_defects.Lines);
    }

    [Fact(Timeout = Fuzz.Longest)]
    public async Task A_proved_request_of_whatever_content_is_taken_as_it_should_be_or_refused_with_cause_and_remedy()
    {
        await using var server = await NodeEndpoint.Start(_node, _state, _defects.Factory, TestContext.Current.CancellationToken);
        using var client = new PipeClient(_state, "main");
        var edit = new AssemblyDelta { Assembly = "Lobby", Mvid = Guid.Empty, Generation = 1, Id = Guid.Empty, Metadata = [1], IL = [2], Symbols = [3], Sha256 = new string('d', 64) };
        var delta = Request() with { Delta = new TreeDelta { SourceHash = new string('c', 64), Assemblies = [edit] } };
        byte[][] bodies = [JsonSerializer.SerializeToUtf8Bytes(Request(), ControlJson.Default.ReloadRequest), JsonSerializer.SerializeToUtf8Bytes(delta, ControlJson.Default.ReloadRequest)];
        string[] queries = ["", "?rehearse=true", "?hold=5", "?hold=-1", "?rehearse=true&hold=2", "?rehearse", "?%00=%ff", "?hold=1e400", "?Rehearse=true", "?rehearse=true&rehearse=true"];

        await Fuzz.Each(1_200, bodies, async (input, random) =>
        {
            var taken = _node.Requests.Count;
            var target = "/v1/reload" + queries[random.Next(queries.Length)];
            try
            {
                await using var lines = await client.PostLines(target, input, RawJson.Info, ControlJson.Default.ReloadEvent, TestContext.Current.CancellationToken);
                await foreach (var line in lines)
                    Assert.NotNull(line.Report);
                Assert.Equal(taken + 1, _node.Requests.Count);
                Assert.Empty(ReloadRequestCheck.Problems(_node.Requests.Last(), _state));
            }
            catch (PipeException refusal)
            {
                Assert.Equal((PipeFailure.Rejected, 400, taken), (refusal.Failure, refusal.Status, _node.Requests.Count));
                Assert.True(refusal is { Message.Length: > 0, Remedy.Length: > 0 });
            }
        });

        Assert.NotEmpty(_node.Requests);
        Assert.Empty(_defects.Lines);
    }

    private ReloadRequest Request() => new()
    {
        Release = "r000042",
        Directory = _state.Release("r000042"),
        ManifestHash = new string('a', 64),
        ExpectInstance = _node.Instance,
        ExpectVersion = 3,
        Fence = 7,
        Cause = "reload",
    };

    /// <summary>All that comes back when these bytes are sent, and no more.</summary>
    private static async Task<string> Exchange(string address, byte[] bytes)
    {
        using var socket = await QueuedConnect.To(address, TestContext.Current.CancellationToken);
        try
        {
            await socket.SendAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
            return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return ""; // cut off in the middle, which the node may do
        }
    }

    // The server's own refusals (a request line that is none, a header that is too long) have a status and nothing else.
    private static void AssertAnswer(string answer)
    {
        if (answer.Length == 0)
            return;
        Assert.Matches(@"\AHTTP/1\.1 (200|400|401|404|405|408|411|413|414|417|431|501|505) ", answer);
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (answer.StartsWith("HTTP/1.1 404", StringComparison.Ordinal) && answer.IndexOf('{', end) is var open and > 0 && answer.IndexOf('}', open) is var close and > 0)
            AssertError(answer[open..(close + 1)]);
    }

    private static void AssertError(string json)
    {
        using var error = JsonDocument.Parse(json);
        Assert.NotEmpty(error.RootElement.GetProperty("error").GetString()!);
        Assert.NotEmpty(error.RootElement.GetProperty("remedy").GetString()!);
    }

    /// <summary>Bytes that go into the request as they are.</summary>
    private sealed class RawJson : JsonConverter<byte[]>
    {
        public static JsonTypeInfo<byte[]> Info { get; } = JsonMetadataServices.CreateValueInfo<byte[]>(new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() }, new RawJson());

        public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Length == 0 ? " "u8 : value, skipInputValidation: true);
    }

    /// <summary>Errors and worse that anything logs: a defect, an exception that nobody handled.</summary>
    private sealed class Defects : ILoggerProvider, ILogger
    {
        public Defects() => Factory = LoggerFactory.Create(logging => logging.AddProvider(this));

        public ConcurrentQueue<string> Lines { get; } = new();

        public ILoggerFactory Factory { get; }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Lines.Enqueue($"{formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
