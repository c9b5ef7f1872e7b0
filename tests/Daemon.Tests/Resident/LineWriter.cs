using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace WatchReload.Daemon.Tests.Resident;

/// <summary>Standard output of a command that goes on: lets a test wait for an event in it.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => _lines.Writer.TryWrite(value ?? "");

    /// <summary>The log writes so.</summary>
    public override void Write(string? value) => WriteLine(value?.TrimEnd());

    /// <summary>The next line with that in it; those before it are passed over.</summary>
    public async Task<string> Line(string part)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (line.Contains(part, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException("The output ended.");
    }

    public async Task<JsonElement> Event(string name)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            var happened = JsonDocument.Parse(line).RootElement;
            if (happened.GetProperty("event").GetString() == name)
                return happened;
        }

        throw new InvalidOperationException("The output ended.");
    }
}
