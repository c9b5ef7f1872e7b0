using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

public class StatePlainDataCheckTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("record Log(StreamWriter Writer); record State(Log Log);", "State.Log.Writer: System.IO.StreamWriter is not state")]
    [InlineData("record State(Func<int> F);", "State.F: System.Func<System.Int32> is not state")]
    [InlineData("class State { public event Action? Changed; public void C() => Changed!(); }", "State.Changed: System.Action is not state")]
    [InlineData("record State(Task<int> T);", "State.T: System.Threading.Tasks.Task<System.Int32> is not state")]
    [InlineData("record State(List<Exception> E);", "State.E[]: System.Exception is not state")]
    [InlineData("record State(Dictionary<string, Type> D);", "State.D[]: System.Type is not state")]
    [InlineData("record State(CancellationToken C);", "State.C: System.Threading.CancellationToken is not state")]
    [InlineData("record State(nint P);", "State.P: System.IntPtr is not state")]
    [InlineData("record State(IDisposable D);", "State.D: System.IDisposable is not state")]
    [InlineData("class Bag : List<int>; record State(Bag B);", "State.B: Bag is not state")]
    [InlineData("interface IShape; record Bad(Timer T) : IShape; record State(IShape S);", "State.S(Bad).T: System.Threading.Timer is not state")]
    [InlineData("record Base; record Derived(Thread T) : Base; record State(Base[] S);", "State.S[](Derived).T: System.Threading.Thread is not state")]
    [InlineData("record struct Inner(Lazy<int> L); record State((int, Inner?) T);", "State.T.Item2.L: System.Lazy<System.Int32> is not state")]
    public async Task What_is_not_data_is_listed_with_its_path(string source, string problem)
    {
        await Task.Yield();
        var found = Assert.Single(StatePlainDataCheck.Problems(CodeVersion.Of("using System.IO; " + source).Type("State")));
        Assert.StartsWith(problem, found, StringComparison.Ordinal);
        Assert.Contains(": ", found[problem.Length..], StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task All_that_state_can_be_passes()
    {
        await Task.Yield();
        const string Source = """
            using System.Collections.Immutable; using System.Collections.Frozen; using System.Collections.Concurrent;
            enum Kind { A } record struct Point(int X, double Y); interface IShape; record Circle(Point P) : IShape; record Node(Node? Next, List<Node> All); class Pair<T> { public T? A; }
            class ByName : IEqualityComparer<string> { public bool Equals(string? a, string? b) => a == b; public int GetHashCode(string s) => 0; }
            record State(string S, int I, decimal D, DateTime T, DateTimeOffset O, TimeSpan Sp, DateOnly Da, TimeOnly Ti, Guid G, Uri U, Version V, System.Numerics.BigInteger B, Half H, Int128 J, char C, Kind K, Kind? L, Point P, IShape Shape, Node N,
                int[] A1, int[,] A2, List<Node> A3, Dictionary<string, Circle> A4, HashSet<Guid> A5, Queue<int> A6, Stack<int> A7, LinkedList<int> A8, PriorityQueue<Node, int> A9, SortedDictionary<int, int> B1, ImmutableArray<Node> B2, ImmutableDictionary<int, Node> B3,
                FrozenSet<string> B4, ConcurrentDictionary<int, int> B5, IReadOnlyList<Node> B6, IDictionary<int, Node> B7, (int, Node) B8, Tuple<int, Node> B9, KeyValuePair<int, Node> C1, ReadOnlyMemory<byte> C2, Pair<Node> C3, object C4, ByName C5, IEqualityComparer<string> C6,
                ActorRef<IShape> H1, ReplyTo<int> H2, ActorName<IShape> H3, ActorId H4, AcceptedConnection H5, Terminated H6, Failure H7, System.Net.IPEndPoint H8, System.Text.Json.Nodes.JsonNode H9, System.Text.StringBuilder H10, System.Numerics.Vector3 H11);
            """;
        Assert.Empty(StatePlainDataCheck.Problems(CodeVersion.Of(Source).Type("State")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Everything_is_in_one_list()
    {
        await Task.Yield();
        Assert.Equal(2, StatePlainDataCheck.Problems(CodeVersion.Of("record State(Action A, Task B, Action? C);").Type("State")).Count(p => p.Contains("Action", StringComparison.Ordinal)));
    }
}
