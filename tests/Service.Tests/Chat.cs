using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WatchReload.Testing;

namespace WatchReload.Service.Tests;

/// <summary>A node with an index, and clients of it.</summary>
internal sealed class Chat : IAsyncDisposable
{
    public Chat()
    {
        Node = new TestNode(services => services.AddLogging(logging => logging.AddProvider(Log)));
        Index = Node.Spawn<Index, IndexState, IndexMessage>(IndexState.Empty, Names.Index);
    }

    public TestNode Node { get; }

    public TestActor<IndexState, IndexMessage> Index { get; }

    public LogLines Log { get; } = new();

    public TestConnection<ConnectionState, ConnectionMessage> Connect()
        => Node.Connect<Connection, ConnectionState, ConnectionMessage>(ConnectionState.Unnamed);

    /// <summary>A client that has its name.</summary>
    public async Task<TestConnection<ConnectionState, ConnectionMessage>> Join(string name)
    {
        var client = Connect();
        client.Line(name);
        Assert.Equal($"hello {name}", await client.SentLine());
        return client;
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();

    /// <summary>What was logged: the category's last name, then the text.</summary>
    internal sealed class LogLines : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> All => _lines;

        public ILogger CreateLogger(string categoryName) => new Logger(_lines, categoryName.Split('.')[^1]);

        public void Dispose()
        {
        }

        private sealed class Logger(ConcurrentQueue<string> lines, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
                => lines.Enqueue($"{category}: {formatter(state, exception)}");
        }
    }
}
