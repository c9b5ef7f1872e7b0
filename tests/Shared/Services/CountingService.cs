using Microsoft.CodeAnalysis;

namespace WatchReload.Tests;

/// <summary>
/// A small service over lines, compiled from parts that tests replace. Each connection counts its lines; <c>count</c> answers
/// <c>VERSION N</c>.
/// </summary>
internal sealed record CountingService
{
    public string Version { get; init; } = "v1";

    public string State { get; init; } = "public sealed record ConnState(int Count);";

    public string First { get; init; } = "new ConnState(0)";

    public string Messages { get; init; } = "public abstract record ConnMessage { public sealed record Tick(int N) : ConnMessage; }";

    /// <summary>What <c>count</c> answers after the version.</summary>
    public string Shown { get; init; } = "s.Count";

    /// <summary>Cases of the switch over the line: <c>"x" => ...</c>; each gives the next state.</summary>
    public string Commands { get; init; } = "";

    public string Receive { get; init; } = "self.WriteLine($\"tick {m}\"); return new(s);";

    /// <summary>Members of the connection's behavior.</summary>
    public string Members { get; init; } = "";

    public string Configure { get; init; } = "";

    /// <summary>Members of the service's class.</summary>
    public string ServiceMembers { get; init; } = "";

    public string CodeChange { get; init; } = "";

    public string More { get; init; } = "";

    public string Endpoint { get; init; } = "127.0.0.1:0";

    /// <summary>What it is compiled against, beside the frameworks and WatchReload.Actors.</summary>
    public IReadOnlyList<CompiledAssembly> References { get; init; } = [];

    /// <summary>What makes more of it.</summary>
    public IReadOnlyList<ISourceGenerator> Generators { get; init; } = [];

    public CompiledAssembly Compile() => Generators.Count == 0 ? CompiledAssembly.From("Counting", Source, [.. References]) : CompiledAssembly.Generated("Counting", [Source], Generators, [.. References]);

    public string Source => $$"""
        namespace Counting;
        public sealed class Service : IService
        {
            public void Configure(IServiceBuilder service)
            {
                service.Listen("lines", "{{Endpoint}}").Lines(4096).Accept<Conn, ConnState, ConnMessage>(_ => {{First}});
                {{Configure}}
            }
            public async ValueTask CodeChange(CodeChangeContext change) { await Task.Yield(); {{CodeChange}} }
            {{ServiceMembers}}
        }
        {{State}}
        {{Messages}}
        public sealed class Conn : ConnectionBehavior<ConnState, ConnMessage>
        {
            public override async ValueTask<ConnState> Frame(ConnState s, ReadOnlyMemory<byte> frame, Context self)
            {
                var line = System.Text.Encoding.UTF8.GetString(frame.Span);
                switch (line)
                {
                    case "add": s = s with { Count = s.Count + 1 }; self.WriteLine("ok"); break;
                    case "count": self.WriteLine($"{{Version}} {{{Shown}}}"); break;
                    {{Commands}}
                    default: self.WriteLine("?"); break;
                }
                return s;
            }
            public override ValueTask<ConnState> Receive(ConnState s, ConnMessage m, Context self) { {{Receive}} }
            {{Members}}
        }
        {{More}}
        """;
}
