using System.Runtime.Loader;
using NodeCheck = WatchReload.Hosting.Upgrading.Mapping.StatePlainDataCheck;

namespace WatchReload.Analyzers.Tests.State;

/// <summary>The same sources through the node's check, over loaded types, and the analyzer's, over declarations: they say the same, word for word.</summary>
public sealed class StateAgreementTests
{
    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Sources))]
    public Task Analyzer_says_what_the_node_says(string source)
    {
        var analyzed = StatePlainDataCheck.Problems(Analyzed.Compile(source).GetTypeByMetadataName("State")!, new AssemblyTypes()).Select(p => p.Text);
        Assert.Equal(OfNode(source).Order(StringComparer.Ordinal), analyzed.Order(StringComparer.Ordinal));
        return Task.CompletedTask;
    }

    public static TheoryData<string> Sources =>
    [
        "record State(int Count, string? Name);",
        "record Log(StreamWriter Writer); record State(Log Log);",
        "record State(Func<int> F, Delegate D, MulticastDelegate M);",
        "class State { public event Action? Changed; public void C() => Changed!(); }",
        "record State(Task<int> T, Task U, ValueTask V);",
        "record State(List<Exception> E, AskException A);",
        "record State(Dictionary<string, Type> D, System.Reflection.Assembly A, System.Reflection.MethodInfo M);",
        "record State(CancellationToken C, CancellationTokenSource S, Timer T);",
        "unsafe class State { public nint P; public UIntPtr Q; public int* R; }",
        "record State(IDisposable D, IServiceProvider P, System.Collections.IList L);",
        "class Bag : List<int>; record State(Bag B);",
        "class Failed : Exception; record State(Failed F);",
        "class Args : EventArgs { public int A; } class Cell : MarshalByRefObject; record State(Args A, Cell C);",
        "interface IShape; record Bad(Timer T) : IShape; record Good(int A) : IShape; record State(IShape S);",
        "abstract record Base; record Derived(Thread T) : Base; sealed record Other(Stream S) : Base; record State(Base[] S);",
        "record Base<T>(T Value); record Derived(Thread T) : Base<int>(1); record Unrelated(Thread U) : Base<string>(\"\"); record State(Base<int> B);",
        "record struct Inner(Lazy<int> L); record State((int, Inner?) T, (int Named, Stream S) U);",
        "record State(Tuple<int, Stream> T, KeyValuePair<Stream, int> K, ArraySegment<Stream> A, System.Collections.Immutable.ImmutableArray<Thread> I, Memory<Stream> M);",
        "record Node(Node? Next, List<Node> All, Stream? S); record State(Node N);",
        "class Pair<T> { public T? A; Pair<Pair<T>>? Deeper; public object? Use() => Deeper; } record State(Pair<int> P);",
        "class Pair<T> { public T? A; } record State(Pair<Stream> P, Pair<int[]> Q, Pair<Pair<Thread>> R);",
        "class Outer { public class Inner { public Stream? S; } public class Deep<T> { public T? V; } } record State(Outer.Inner I, Outer.Deep<Stream> D);",
        "[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)] struct Union { [System.Runtime.InteropServices.FieldOffset(0)] public int A; } [System.Runtime.CompilerServices.InlineArray(4)] struct Four { int _first; } class State { public Union U; public Four F; }",
        "class State(Stream log) { public int A; public long Length() => log.Length; }",
        "class State(Stream log) { public long Length { get; } = log.Length; }",
        "class State(Stream log, int a) { readonly Func<long> _f = () => log.Length; public int A => a; public object F => _f; }",
        "class Base { Stream? _hidden; protected Stream? Shown; public object? H => _hidden; } class State : Base { static Stream? Shared; const int C = 1; public object? S => Shared; }",
        "class State { public Stream? A { get; set; } public Stream? C => null; Stream? _d; public object? D => _d; }",
        "record State(object O, dynamic Y, IComparable I, System.Collections.IEnumerable E);",
        "record State(IEqualityComparer<string> A, StringComparer B, System.Collections.IComparer C, ByName D); class ByName : EqualityComparer<string> { public override bool Equals(string? a, string? b) => a == b; public override int GetHashCode(string s) => 0; }",
        "record State(System.Text.Json.JsonElement A, System.Text.Json.JsonDocument B, System.Text.Json.Nodes.JsonObject C, System.Collections.BitArray D, System.Net.DnsEndPoint E, System.Net.IPAddress F, System.Xml.Linq.XElement G);",
        "record State(System.Runtime.InteropServices.GCHandle A, System.Collections.ArrayList B, System.Threading.Channels.Channel<int> C, SemaphoreSlim D, Microsoft.Extensions.Logging.ILogger E);",
        "interface IShape; record State(ActorRef<IShape> A, ReplyTo<int> B, ActorName<IShape> C, ActorId D, AcceptedConnection E, Terminated F, Failure G, StopReason H, CodeChangeContext I);",
        "enum Kind { A } record State(DateTime A, DateTimeOffset B, TimeSpan C, DateOnly D, TimeOnly E, Guid F, Uri G, Version H, System.Numerics.BigInteger I, Half J, Int128 K, char L, Kind M, Kind? N, System.Numerics.Vector3 O, decimal P, Index Q, Range R, System.Text.Rune S, System.Globalization.CultureInfo T, TimeZoneInfo U);",
        "record State(int[] A, int[,] B, int[][,] C, Queue<int> D, Stack<Stream> E, LinkedList<int> F, PriorityQueue<Thread, int> G, SortedList<int, Stream> H, System.Collections.Frozen.FrozenSet<Stream> I, IReadOnlyDictionary<int, Timer> J, System.Collections.Concurrent.BlockingCollection<int> K, ReadOnlyMemory<byte> L);",
        "file record Hidden(Stream S) : IShape; interface IShape; static class Helper { public static IShape Make() => new Hidden(Stream.Null); } record State(IShape S);",
        "struct Two : System.Runtime.CompilerServices.ITuple { Stream _a; public object? this[int index] => _a; public int Length => 2; } record State(Two T);",
    ];

    private static IReadOnlyList<string> OfNode(string source)
    {
        var context = new AssemblyLoadContext(null, isCollectible: true);
        try
        {
            return NodeCheck.Problems(context.LoadFromStream(new MemoryStream(CompiledAssembly.From("Service", "using System.IO; " + source).Image)).GetType("State", throwOnError: true)!);
        }
        finally
        {
            context.Unload();
        }
    }
}
