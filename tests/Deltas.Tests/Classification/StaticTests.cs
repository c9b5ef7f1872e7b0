namespace WatchReload.Deltas.Tests.Classification;

public sealed class StaticTests
{
    private const string More = """
        public sealed record Point(int X, int Y) { public static Point Zero { get; } = new(0, 0); public int Z { get; init; } = 3; }
        public sealed record Worked(int X) { public int Y { get; } = Code.Compute(); }
        public sealed record Stamped { public DateTime At { get; } = DateTime.UtcNow; }
        public sealed class Bag { public int X; }
        public static class Code { public static int Compute() => 1; public static string Text() => ""; }
        public abstract class Price { protected Price() { Text = Code.Text(); } public string Text { get; } }
        public sealed class Entry : Price;
        public abstract class Cost { public string Text { get; } = Code.Text(); }
        public sealed class Fee : Cost;
        public abstract record Named(string Name);
        public sealed record Person(string Name) : Named(Name);
        public sealed record Item(string Name) { public override string ToString() => Code.Text(); }
        public sealed record Held(Item Item);
        public readonly record struct Seconds(int Value) { public static implicit operator TimeSpan(Seconds s) => TimeSpan.FromSeconds(Code.Compute()); }
        public readonly record struct Rank(int Value) : IComparable<Rank> { public int CompareTo(Rank other) => Code.Compute(); }
        public sealed record Table(int[] Cells);
        public sealed class Converter : System.Text.Json.Serialization.JsonConverter<Item>
        {
            public override Item Read(ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) => new(Code.Text());
            public override void Write(System.Text.Json.Utf8JsonWriter writer, Item value, System.Text.Json.JsonSerializerOptions options) => writer.WriteStringValue(Code.Text());
        }
        public sealed class Letters : IEnumerable<string>
        {
            public IEnumerator<string> GetEnumerator() => new List<string> { Code.Text() }.GetEnumerator();
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }
        public static class Writes { public static void Send(int[] all) => all[0]++; public static void Bump(this int[] all) => all[0]++; }
        public static class Mores { public static bool Take(this Dictionary<string, int> all) => all.Remove("a"); }
        public sealed class Same : IEqualityComparer<string> { public static IEqualityComparer<string> One => new Same(); public bool Equals(string? x, string? y) => true; public int GetHashCode(string x) => 1; }
        public sealed class Mine : List<int>;
        public sealed class Counted { public int Keys => Code.Compute(); }
        public sealed record Span(int Days);
        public abstract record Told { public sealed record One : Told; }
        """;

    [Theory(Timeout = 60_000)]
    [InlineData("const int X = 1;")]
    [InlineData("static readonly string X = \"a\" + 1;")]
    [InlineData("static readonly TimeSpan X = TimeSpan.FromSeconds(10);")]
    [InlineData("static readonly ActorName<string> X = new(\"a\");")]
    [InlineData("static readonly ActorName<Told> X = new(\"a\");")]
    [InlineData("static readonly string[] X = [\"a\", \"b\"];")]
    [InlineData("static readonly Point X = new(1, 2);")]
    [InlineData("static Point X { get; } = Point.Zero;")]
    [InlineData("static readonly System.Collections.Immutable.ImmutableArray<Point> X = [new(1, 2)];")]
    [InlineData("static readonly Func<int, int> X = x => x + 1;")]
    [InlineData("static int X => Code.Compute();")]
    [InlineData("static readonly object X = new();")]
    [InlineData("static readonly string X = typeof(C).Assembly.GetName().Name!;")]
    [InlineData("static readonly string X = System.Reflection.CustomAttributeExtensions.GetCustomAttributes<System.Reflection.AssemblyMetadataAttribute>(typeof(C).Assembly).Single(a => a.Key == \"Build\").Value!;")]
    [InlineData("static readonly Item X = new(\"a\");")]
    [InlineData("static readonly Item[] X = [new(\"a\"), new(\"b\")];")]
    [InlineData("static readonly System.Collections.Immutable.ImmutableArray<Item> X = System.Collections.Immutable.ImmutableArray.Create(new Item(\"a\"));")]
    [InlineData("static readonly Person X = new(\"a\");")]
    [InlineData("static readonly string X = string.Join(',', new Point(1, 2), new Person(\"a\"));")]
    [InlineData("static readonly System.Text.Json.JsonSerializerOptions X = new(System.Text.Json.JsonSerializerDefaults.Web) { Converters = { new Converter() } };")]
    [InlineData("static readonly System.Collections.Frozen.FrozenDictionary<string, Item> X = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(new Dictionary<string, Item> { [\"a\"] = new(\"a\") });")]
    [InlineData("static readonly System.Collections.Frozen.FrozenSet<Point> X = System.Collections.Frozen.FrozenSet.ToFrozenSet([new Point(1, 2)]);")]
    public void Statics_are_fixed_when_nobody_can_change_them_and_no_code_of_the_service_made_them(string member) => Assert.Null(Doubt(member));

    [Theory(Timeout = 60_000)]
    [InlineData("static int X;")]
    [InlineData("static int X { get; set; }")]
    [InlineData("static event Action? X;")]
    [InlineData("static C() { }")]
    [InlineData("static readonly System.Collections.Immutable.ImmutableArray<int>.Builder X = System.Collections.Immutable.ImmutableArray.CreateBuilder<int>();")]
    [InlineData("static readonly System.Collections.Immutable.ImmutableDictionary<int, int>.Builder X = System.Collections.Immutable.ImmutableDictionary.CreateBuilder<int, int>();")]
    [InlineData("static readonly Lazy<int> X = new(() => 1);")]
    [InlineData("static readonly Bag X = new();")]
    [InlineData("static readonly int X = Code.Compute();")]
    [InlineData("static readonly Worked X = new(1);")]
    [InlineData("static readonly Point X = Point.Zero with { X = 2 };")]
    [InlineData("static readonly int[] X = Enumerable.Range(0, 3).Select(_ => Code.Compute()).ToArray();")]
    [InlineData("[ThreadStatic] static int X;")]
    [InlineData("static readonly int X = typeof(C).GetMethods().Length;")]
    [InlineData("static readonly System.Collections.Frozen.FrozenDictionary<string, Func<int>> X = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(typeof(C).GetMethods().Select(m => (Func<int>)Delegate.CreateDelegate(typeof(Func<int>), m)), f => f.ToString()!);")]
    [InlineData("static readonly int X = typeof(C).Assembly.GetTypes().Length;")]
    [InlineData("static readonly int X = ((Func<Type, int>)(t => t.GetHashCode()))(typeof(C));")]
    [InlineData("static int X => field++;")]
    [InlineData("static readonly Entry X = new();")]
    [InlineData("static readonly Fee X = new();")]
    [InlineData("static readonly string X = string.Join(',', new Item(\"a\"));")]
    [InlineData("static readonly string X = string.Join(',', new Held(new(\"a\")));")]
    [InlineData("static readonly string X = $\"{new Item(\"a\")}\";")]
    [InlineData("static readonly string X = \"a\" + new Item(\"a\");")]
    [InlineData("static readonly object A = new Item(\"a\"); static readonly string X = $\"{A}\";")]
    [InlineData("static readonly TimeSpan X = new Seconds(5);")]
    [InlineData("static readonly System.Collections.Immutable.ImmutableSortedSet<Rank> X = System.Collections.Immutable.ImmutableSortedSet.Create(new Rank(1), new Rank(2));")]
    [InlineData("static readonly System.Collections.Immutable.ImmutableSortedSet<Rank> X = [new(1), new(2)];")]
    [InlineData("static readonly string X = string.Concat(new object[] { new Item(\"a\") });")]
    [InlineData("static readonly object[] A = [new Item(\"a\")]; static readonly string X = string.Concat(A);")]
    [InlineData("static readonly System.Collections.Immutable.ImmutableArray<string> X = System.Collections.Immutable.ImmutableArray.ToImmutableArray(new Letters());")]
    [InlineData("static readonly System.Collections.Immutable.ImmutableArray<int[]> X = [[1]];")]
    [InlineData("static readonly System.Collections.Frozen.FrozenDictionary<string, int[]> X = System.Collections.Frozen.FrozenDictionary<string, int[]>.Empty;")]
    [InlineData("static readonly bool X = new Item(\"a\") is { Name: \"a\" };")]
    [InlineData("[System.Runtime.CompilerServices.ModuleInitializer] internal static void X() => AppContext.SetData(\"b\", Code.Text());")]
    public void Statics_may_hold_state_when_code_can_put_it_there_or_has_computed_it(string member) => Assert.NotNull(Doubt(member));

    [Theory(Timeout = 60_000)]
    [InlineData("static readonly string X = File.ReadAllText(\"/etc/motd\");", "File.ReadAllText")]
    [InlineData("static readonly string[] X = Directory.GetFiles(\"/\");", "Directory.GetFiles")]
    [InlineData("static readonly bool X = new FileInfo(\"/etc/motd\").Exists;", "FileInfo")]
    [InlineData("static readonly DateTime X = DateTime.UtcNow;", "DateTime.UtcNow")]
    [InlineData("static readonly DateTime X = DateTime.Today.AddDays(1);", "DateTime.Today")]
    [InlineData("static readonly DateTimeOffset X = TimeProvider.System.GetUtcNow();", "TimeProvider.GetUtcNow")]
    [InlineData("static readonly long X = System.Diagnostics.Stopwatch.GetTimestamp();", "Stopwatch.GetTimestamp")]
    [InlineData("static readonly Guid X = Guid.NewGuid();", "Guid.NewGuid")]
    [InlineData("static readonly int X = Random.Shared.Next();", "Random.")]
    [InlineData("static readonly int X = new Random(1).Next();", "Random")]
    [InlineData("static readonly string? X = Environment.GetEnvironmentVariable(\"A\");", "Environment.GetEnvironmentVariable")]
    [InlineData("static readonly string X = AppContext.BaseDirectory;", "AppContext.BaseDirectory")]
    [InlineData("static readonly int X = System.Diagnostics.Process.GetCurrentProcess().Id;", "Process.")]
    [InlineData("static readonly Stamped X = new();", "DateTime.UtcNow")]
    [InlineData("static readonly int[] X = Enumerable.Range(0, 2).Select(_ => Random.Shared.Next()).ToArray();", "Random.")]
    [InlineData("static readonly DateTime X = ((Func<DateTime>)(() => DateTime.UtcNow))();", "DateTime.UtcNow")]
    [InlineData("static Guid X { get; } = Guid.NewGuid();", "Guid.NewGuid")]
    [InlineData("static readonly int[] X = Enumerable.Range(0, 9).Shuffle().ToArray();", "Enumerable.Shuffle")]
    [InlineData("static readonly byte[] X = System.Security.Cryptography.RandomNumberGenerator.GetBytes(8);", "RandomNumberGenerator.GetBytes")]
    [InlineData("static readonly byte[] X = new System.Security.Cryptography.HMACSHA256().Key;", "HMACSHA256")]
    [InlineData("static readonly byte[] X = System.Security.Cryptography.Aes.Create().Key;", "")]
    [InlineData("static readonly byte[] X = System.Security.Cryptography.RSA.Create().ExportRSAPrivateKey();", "")]
    [InlineData("static readonly byte[] X = new System.Security.Cryptography.Rfc2898DeriveBytes(\"a\", 8, 1000, System.Security.Cryptography.HashAlgorithmName.SHA256).Salt;", "Rfc2898DeriveBytes")]
    public void Statics_hold_what_a_load_would_ask_for_again(string member, string asked) => Assert.StartsWith($"the static X is what {asked}", Doubt(member), StringComparison.Ordinal);

    [Theory(Timeout = 60_000)]
    [InlineData("static readonly Func<DateTime> X = () => DateTime.UtcNow;")]
    [InlineData("static readonly Func<Guid>[] X = [() => Guid.NewGuid()];")]
    [InlineData("static readonly string X = \"a\" + Environment.NewLine;")]
    [InlineData("static readonly string X = Path.Combine(\"a\", \"b\");")]
    [InlineData("static readonly FileMode X = FileMode.Open;")]
    [InlineData("static readonly DateTime X = new(2026, 1, 1);")]
    [InlineData("static readonly Guid X = new(\"d1b52bb8-a0a2-4ff6-a97f-6de1c7b0a4a5\");")]
    [InlineData("static readonly TimeProvider X = TimeProvider.System;")]
    [InlineData("static readonly byte[] X = System.Security.Cryptography.SHA256.HashData([1, 2]);")]
    [InlineData("static readonly byte[] X = System.Security.Cryptography.SHA256.Create().ComputeHash([1, 2]);")]
    [InlineData("static readonly byte[] X = System.Security.Cryptography.HMACSHA256.HashData([1], [2]);")]
    [InlineData("static readonly byte[] X = new System.Security.Cryptography.HMACSHA256([1]).ComputeHash([2]);")]
    [InlineData("static readonly byte[] X = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(\"a\", new byte[] { 1 }, 1000, System.Security.Cryptography.HashAlgorithmName.SHA256, 8);")]
    public void Statics_are_fixed_when_what_lies_outside_is_asked_later_or_not_at_all(string member) => Assert.Null(Doubt(member));

    [Theory(Timeout = 60_000)]
    [InlineData("X[0]")]
    [InlineData("X.Length")]
    [InlineData("X.Count(x => x > 1)")]
    [InlineData("Array.IndexOf(X, 1)")]
    [InlineData("((Func<int>)(() => { var sum = 0; foreach (var x in X) sum += x; return sum; }))()")]
    [InlineData("new int[] { X[1] }[X[0]]++")]
    public void Arrays_are_tables_when_code_only_reads_them(string use) => Assert.Null(Doubt($"static readonly int[] X = [1, 2]; int Use() => {use}; static IReadOnlyList<int> All => X;"));

    [Theory(Timeout = 60_000)]
    [InlineData("X[0]++")]
    [InlineData("C.X[0] += 2")]
    [InlineData("(X)[0] = 2")]
    [InlineData("Interlocked.Increment(ref X[0])")]
    [InlineData("((Func<int>)(() => { Array.Fill(X, 2); return 1; }))()")]
    [InlineData("((Func<int>)(() => { X.AsSpan().Clear(); return 1; }))()")]
    [InlineData("((Func<int>)(() => { var x = X; x[0] = 1; return 1; }))()")]
    [InlineData("((Func<int>)(() => { (X[0], X[1]) = (X[1], X[0]); return 1; }))()")]
    [InlineData("((Func<int[]>)(() => X))()[0] = 1")]
    [InlineData("T.Cells[0] = 1")]
    [InlineData("((Func<int>)(() => { Writes.Send(X); return 1; }))()")]
    [InlineData("((Func<int>)(() => { X.Bump(); return 1; }))()")]
    [InlineData("X is { Length: > 0 } all ? all[0]++ : 0")]
    public void Arrays_hold_state_when_code_may_write_to_them(string use) => Assert.Contains("may hold what code has put there", Doubt($"static readonly int[] X = [1, 2]; static readonly Table T = new([1]); int Use() => {use};"), StringComparison.Ordinal);

    [Theory(Timeout = 60_000)]
    [InlineData("static readonly JsonSerializerOptions X = new() { WriteIndented = true }; string Use() => JsonSerializer.Serialize(1, X) + JsonSerializer.Deserialize<int>(\"1\", X) + X.MaxDepth;")]
    [InlineData("static readonly JsonSerializerOptions X = new(JsonSerializerDefaults.Web); string Use() => JsonSerializer.Serialize(1, X); void Serialize() { }")]
    [InlineData("static readonly JsonSerializerOptions X = new(); static readonly JsonSerializerOptions Y = new JsonSerializerOptions(X) { WriteIndented = true };")]
    [InlineData("static readonly CultureInfo X = CultureInfo.GetCultureInfo(\"da\"); string Use() => string.Format(X, \"{0}\", 1) + X.Name + int.Parse(\"1\", X);")]
    [InlineData("static readonly System.Net.IPEndPoint X = new(System.Net.IPAddress.Loopback, 80); int Use() => X.Port;")]
    public void Settings_are_tables_when_code_only_reads_them(string member) => Assert.Null(Doubt(member));

    [Theory(Timeout = 60_000)]
    [InlineData("static readonly JsonSerializerOptions X = new(); void Configure() => X.Converters.Add(new JsonStringEnumConverter());")]
    [InlineData("static readonly JsonSerializerOptions X = new(); void Configure() => C.X.WriteIndented = true;")]
    [InlineData("static readonly JsonSerializerOptions X = new(); void Configure() => X.MaxDepth++;")]
    [InlineData("static readonly JsonSerializerOptions X = new(); void Configure() => X.MakeReadOnly();")]
    [InlineData("static readonly JsonSerializerOptions X = new(); void Configure() { var all = X.Converters; all.Clear(); }")]
    [InlineData("static readonly JsonSerializerOptions X = new(); void Configure() { var x = X; x.Converters.Clear(); }")]
    [InlineData("static readonly JsonSerializerOptions X = new(); static JsonSerializerOptions All => X;")]
    [InlineData("static readonly JsonSerializerOptions X = new(); void Configure() => Serialize(X); static void Serialize(JsonSerializerOptions all) => all.Converters.Clear();")]
    [InlineData("static readonly NumberFormatInfo X = new(); void Configure() => X.NumberDecimalSeparator = \",\";")]
    [InlineData("static readonly NumberFormatInfo X = new(); void Configure() => (X.NumberDecimalSeparator, _) = (\",\", 1);")]
    [InlineData("static readonly CultureInfo X = new(\"da\"); void Configure() => X.NumberFormat.CurrencySymbol = \"\";")]
    [InlineData("static readonly System.Net.IPEndPoint X = new(System.Net.IPAddress.Loopback, 80); void Configure() => X.Port = 81;")]
    [InlineData("static readonly System.Net.IPEndPoint[] X = [new(System.Net.IPAddress.Loopback, 80)]; void Configure() => X[0].Port = 81;")]
    public void Settings_hold_state_when_code_may_change_them(string member) => Assert.Contains("may hold what code has put there", Doubt(member), StringComparison.Ordinal);

    [Theory(Timeout = 60_000)]
    [InlineData("X[0].Item1 = 2")]
    [InlineData("X[0].Item2++")]
    [InlineData("((X[0].Item1, _), _) = ((1, 2), 3)")]
    public void Arrays_of_tuples_hold_state_when_code_may_write_to_a_part(string use) => Assert.NotNull(Doubt($"static readonly (int, int)[] X = [(1, 2)]; object Use() => {use};"));

    [Theory(Timeout = 60_000)]
    [InlineData("Dictionary<string, string>", "new() { [\"a\"] = \"b\" }")]
    [InlineData("Dictionary<string, Item>", "new(StringComparer.OrdinalIgnoreCase) { { \"a\", new(\"a\") } }")]
    [InlineData("Dictionary<Point, int[]>.KeyCollection?", "null", false)]
    [InlineData("Dictionary<string, int[]>", "new()", false)]
    [InlineData("Dictionary<string, List<int>>", "new()", false)]
    [InlineData("List<JsonSerializerOptions>", "[]", false)]
    [InlineData("List<Bag>", "[]", false)]
    [InlineData("List<Point>", "[new(1, 2)]")]
    [InlineData("HashSet<int>", "[1, 2]")]
    [InlineData("HashSet<string>", "new(StringComparer.Ordinal) { \"a\" }")]
    [InlineData("SortedSet<int>", "new() { 1 }")]
    [InlineData("SortedDictionary<string, int>", "new(StringComparer.Ordinal) { [\"a\"] = 1 }")]
    [InlineData("Dictionary<string, int>", "new(new Same()) { [\"a\"] = 1 }", false)]
    [InlineData("Dictionary<string, int>", "new(Same.One)", false)]
    [InlineData("HashSet<string>", "new(EqualityComparer<string>.Create((a, b) => Code.Text() == b))", false)]
    [InlineData("SortedSet<Rank>", "[new(1), new(2)]", false)]
    [InlineData("SortedSet<Rank>", "new() { new(1), new(2) }", false)]
    [InlineData("SortedDictionary<Rank, int>", "new() { [new(1)] = 2 }", false)]
    [InlineData("Dictionary<string, string>", "new() { [\"a\"] = Code.Text() }", false)]
    [InlineData("List<DateTime>", "[DateTime.UtcNow]", false)]
    [InlineData("List<int>", "new Mine()", false)]
    [InlineData("IReadOnlyDictionary<string, string>", "new Dictionary<string, string> { [\"a\"] = \"b\" }")]
    [InlineData("IReadOnlyDictionary<string, string>", "new[] { \"a\" }.ToDictionary(one => one)")]
    [InlineData("IReadOnlyList<string>", "[\"a\", \"b\"]")]
    [InlineData("IReadOnlyList<string>", "new[] { \"a\" }")]
    [InlineData("IReadOnlyList<Point>", "new List<Point> { new(1, 2) }")]
    [InlineData("IReadOnlySet<int>", "new HashSet<int> { 1 }")]
    [InlineData("IEnumerable<int>", "[1, 2]")]
    [InlineData("System.Collections.Generic.IReadOnlyCollection<int>", "new SortedSet<int> { 1 }")]
    [InlineData("IReadOnlyDictionary<string, int>", "System.Collections.Frozen.FrozenDictionary<string, int>.Empty")]
    [InlineData("IReadOnlyList<Bag>", "[new()]", false)]
    [InlineData("IReadOnlyList<int[]>", "[[1]]", false)]
    [InlineData("IReadOnlyList<int>", "new Mine()", false)]
    [InlineData("IReadOnlyList<string>", "[Code.Text()]", false)]
    [InlineData("IEnumerable<int>", "new[] { 1 }.Where(one => one > Code.Compute())", false)]
    [InlineData("IReadOnlyDictionary<string, int>", "new System.Collections.Concurrent.ConcurrentDictionary<string, int>()", false)]
    [InlineData("IReadOnlyDictionary<string, int>", "new Dictionary<string, int>(new Same())", false)]
    [InlineData("IReadOnlyDictionary<Rank, int>", "new SortedDictionary<Rank, int> { [new(1)] = 2 }", false)]
    [InlineData("IDictionary<string, int>", "new Dictionary<string, int>()", false)]
    public void Collections_are_tables_of_fixed_elements_that_no_code_of_the_service_has_put_there(string type, string made, bool isTable = true) => Assert.Equal(isTable, Doubt($"private static readonly {type} X = {made};") is null);

    [Theory(Timeout = 60_000)]
    [InlineData("X[\"a\"]")]
    [InlineData("X.TryGetValue(\"a\", out var found) ? found : 0")]
    [InlineData("X.ContainsKey(\"a\")")]
    [InlineData("X.GetValueOrDefault(\"a\")")]
    [InlineData("X.Count")]
    [InlineData("C.X.Keys.Count + new Counted().Keys")]
    [InlineData("string.Join(',', X.Keys)")]
    [InlineData("X.Values.Sum()")]
    [InlineData("X.Where(one => one.Value > 0).ToDictionary()")]
    [InlineData("X.OrderBy(one => one.Key).First().Key")]
    [InlineData("from one in X where one.Value > 0 select one.Key")]
    [InlineData("new Dictionary<string, int>(X) { [\"b\"] = 1 }")]
    [InlineData("X.Contains(new(\"a\", 1))")]
    [InlineData("((Func<int>)(() => { var sum = 0; foreach (var (_, value) in X) sum += value; foreach (var one in X) sum += one.Value; return sum; }))()")]
    [InlineData("new int[] { 1 }[X[\"a\"]]++")]
    public void Collections_are_tables_when_code_only_reads_them(string use) => Assert.Null(Doubt($"static readonly Dictionary<string, int> X = new() {{ [\"a\"] = 1 }}; object Use() => {use}; static IReadOnlyDictionary<string, int> All => X;"));

    [Theory(Timeout = 60_000)]
    [InlineData("X[\"a\"] = 2")]
    [InlineData("X[\"a\"] += 2")]
    [InlineData("C.X[\"a\"]++")]
    [InlineData("--(X)[\"a\"]")]
    [InlineData("(X[\"a\"], _) = (2, 3)")]
    [InlineData("((X[\"a\"], _), _) = ((2, 3), 4)")]
    [InlineData("X.TryAdd(\"b\", 2)")]
    [InlineData("X.Remove(\"a\")")]
    [InlineData("X.EnsureCapacity(8)")]
    [InlineData("X?.Remove(\"a\")")]
    [InlineData("X!.Remove(\"a\")")]
    [InlineData("((Func<int>)(() => { X.Clear(); return 1; }))()")]
    [InlineData("((Func<int>)(() => { Action<string, int> add = X.Add; add(\"b\", 2); return 1; }))()")]
    [InlineData("((Func<int>)(() => { var x = X; x.Clear(); return 1; }))()")]
    [InlineData("((Func<int>)(() => { Dictionary<string, int> x; x = X; x.Clear(); return 1; }))()")]
    [InlineData("((Dictionary<string, int>)X).Remove(\"a\")")]
    [InlineData("((Dictionary<string, int>)X.AsEnumerable()).Remove(\"a\")")]
    [InlineData("((Func<Dictionary<string, int>>)(() => X))().Remove(\"a\")")]
    [InlineData("(true ? X : null)!.Remove(\"a\")")]
    [InlineData("X is { } all ? all.Remove(\"a\") : false")]
    [InlineData("System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(X, \"a\", out _)++")]
    [InlineData("X.GetAlternateLookup<ReadOnlySpan<char>>().TryAdd(\"b\", 2)")]
    [InlineData("Mores.Take(X)")]
    [InlineData("X.Take()")]
    [InlineData("new { X }")]
    [InlineData("new object[] { X }")]
    [InlineData("System.Threading.Channels.Channel.CreateUnbounded<Dictionary<string, int>>().Writer.WriteAsync(X)")]
    public void Collections_hold_state_when_code_may_write_to_them(string use) => Assert.Equal("the elements of X may hold what code has put there", Doubt($"static readonly Dictionary<string, int> X = new() {{ [\"a\"] = 1 }}; object Use() => {use};"));

    [Theory(Timeout = 60_000)]
    [InlineData("List<int>", "X.Add(1)")]
    [InlineData("List<int>", "X.Sort()")]
    [InlineData("List<int>", "X.Reverse()")]
    [InlineData("List<int>", "X.Capacity = 8")]
    [InlineData("List<int>", "System.Runtime.InteropServices.CollectionsMarshal.AsSpan(X).Clear()")]
    [InlineData("HashSet<int>", "X.UnionWith([3])")]
    [InlineData("SortedSet<int>", "X.GetViewBetween(1, 2).Clear()")]
    public void Collections_hold_state_when_code_may_write_to_those_of_their_kind(string type, string use) => Assert.Equal("the elements of X may hold what code has put there", Doubt($"static readonly {type} X = [1, 2]; void Use() {{ {use}; }}"));

    [Theory(Timeout = 60_000)]
    [InlineData("IReadOnlyDictionary<string, int>", "new Dictionary<string, int> { [\"a\"] = 1 }", "((Dictionary<string, int>)X).Clear()")]
    [InlineData("IReadOnlyDictionary<string, int>", "new Dictionary<string, int> { [\"a\"] = 1 }", "(X as IDictionary<string, int>)!.Clear()")]
    [InlineData("IReadOnlyDictionary<string, int>", "new Dictionary<string, int> { [\"a\"] = 1 }", "if (X is Dictionary<string, int> all) all.Clear()")]
    [InlineData("IReadOnlyList<int>", "new[] { 1 }", "((int[])X)[0]++")]
    [InlineData("IEnumerable<int>", "new List<int> { 1 }", "if (X is List<int> { Count: > 0 } all) all.Clear()")]
    public void Collections_hold_state_when_code_may_write_to_what_is_declared_as_a_view(string type, string made, string use) => Assert.Equal("the elements of X may hold what code has put there", Doubt($"static readonly {type} X = {made}; void Use() {{ {use}; }}"));

    [Theory(Timeout = 60_000)]
    [InlineData("Dictionary<string, int> Own() => X;")]
    [InlineData("Dictionary<string, int> Own() { return X; }")]
    [InlineData("Func<Dictionary<string, int>> Own = () => X;")]
    public void Collections_hold_state_when_a_function_within_a_method_that_gives_a_view_gives_more(string function) => Assert.Equal("the elements of X may hold what code has put there",
        Doubt($"static readonly Dictionary<string, int> X = new() {{ [\"a\"] = 1 }}; IReadOnlyDictionary<string, int> Use() {{ {function} Own().Remove(\"a\"); return new Dictionary<string, int>(); }}"));

    [Fact(Timeout = 60_000)]
    public void Statics_are_computed_by_code_of_the_service_when_a_comparer_of_its_own_is_given_to_a_static_method() => Assert.Equal("the static X is computed by code of the service",
        Doubt("static readonly System.Collections.Frozen.FrozenDictionary<string, int> X = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(new Dictionary<string, int> { [\"a\"] = 1 }, new Same());"));

    [Theory(Timeout = 60_000)]
    [InlineData("new Span(1).Days > 7 ? 1 : 0")]
    [InlineData("((Func<Span, int>)(s => s.Days + 1))(new Span(1))")]
    public void Arrays_are_tables_when_something_else_is_called_as_they_are(string use) => Assert.Null(Doubt($"static readonly int[] Days = [1, 2]; int Use() => {use};"));

    [Theory(Timeout = 60_000)]
    [InlineData("global using static Tables;", "X.Add(1)")]
    [InlineData("global using Known = Tables;", "Known.X.Add(1)")]
    [InlineData("", "global::Tables.X.Add(1)")]
    public void Collections_hold_state_when_code_of_another_file_may_write_to_them_by_another_name(string usings, string use) => Assert.Equal("the elements of X may hold what code has put there",
        Difference.StaticDoubt(CompiledAssembly.From("Statics", $"{usings}\npublic static class Tables {{ internal static readonly List<int> X = [1]; }}").With($"{usings}\npublic static class Tables {{ internal static readonly List<int> X = [1]; }}", [$"class C {{ void Use() => {use}; }}"])));

    [Fact(Timeout = 60_000)]
    public void Arrays_of_arrays_may_hold_state() => Assert.NotNull(Doubt("static readonly int[][] X = [[1], [2]];"));

    private static string? Doubt(string member) => Difference.StaticDoubt(CompiledAssembly.From("Statics", $"using System.Globalization; using System.IO; using System.Text.Json; using System.Text.Json.Serialization;\npublic class C {{ {member} }}\n{More}").Compilation);
}
