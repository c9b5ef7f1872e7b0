using BenchmarkDotNet.Attributes;
using WatchReload.Hosting.Upgrading.Mapping;
using WatchReload.Testing;

namespace WatchReload.Bench.Micro.Mapping;

/// <summary>
/// State of one version becomes state of the next, which has members more. Planned and compiled before, as a reload does while the old
/// code serves. Both versions are in this assembly, which is never unloaded.
/// </summary>
public class MappingBenchmarks
{
    private const int Entries = 1_000;
    private const int LongList = 100_000;
    private const int Side = 1_000;

    private readonly Before.Flat _flat = new(1, "name", 2);
    private readonly Before.Customer _nested = new(1, "name", new("Street 1", "City"), new("Street 2", "City"));
    private readonly Before.ByName _dictionary = new(Enumerable.Range(0, Entries).ToDictionary(i => $"entry {i}", i => new Before.Flat(i, "name", i)));
    private readonly Before.Long _list = new([.. Enumerable.Range(0, LongList).Select(i => new Before.Flat(i, "name", i))]);
    private readonly Before.Scores _grid = new(new int[Side, Side]);
    private readonly MappingSet _mappings = new(new DeclaredPairing(typeof(Before.Flat), typeof(After.Flat)), MappingDirection.Forward);
    private readonly Stays.Drawn _message = new(new After.Dot(1, 2), "somebody", new Stays.Drawn(new After.Dot(3, 4), "somebody else"));
    private readonly SharedRegion _region = new();
    private ObjectMapping _compiled = null!;

    [GlobalSetup]
    public void Plan()
    {
        var plan = _mappings.Plan([typeof(Before.Flat), typeof(Before.Customer), typeof(Before.ByName), typeof(Before.Long), typeof(Before.Scores)]);
        if (!plan.Possible) throw new InvalidOperationException(string.Join('\n', plan.Problems));
        _mappings.WarmUp();
        _compiled = _mappings.Find(typeof(Before.Flat), typeof(object), byShape: false).Mapping!;
        Check(_mappings.Map(_flat) is After.Flat { Id: 1, Name: "name", Count: 2, Added: 7 });
        Check(_compiled.Make(_flat, null) is After.Flat { Id: 1, Added: 7 });
        Check(_mappings.Map(_nested) is After.Customer { Home: { Street: "Street 1", Country: null }, Work.City: "City" });
        Check(_mappings.Map(_dictionary) is After.ByName { Entries: { Count: Entries } byName } && byName["entry 5"] is { Id: 5, Added: 7 });
        Check(ReferenceEquals(_mappings.Map(_message), _message) && Message_that_stays_by_the_walk());
        _grid.Cells[1, 1] = 5;
        Check(_mappings.Map(_grid) is After.Scores { Cells: { Length: Side * Side } cells } && cells[1, 1] == 5);
        Check(_mappings.Map(_list) is After.Long { Entries: { Count: LongList } list } && list[^1] is { Id: LongList - 1, Added: 7 });
    }

    /// <summary>What a person would write: the floor.</summary>
    [Benchmark]
    public object Flat_record_by_hand() => new After.Flat(_flat.Id, _flat.Name, _flat.Count);

    /// <summary>The compiled function alone.</summary>
    [Benchmark]
    public object Flat_record_compiled() => _compiled.Make(_flat, null);

    /// <summary>With the search for the pair of types, as for each actor's state.</summary>
    [Benchmark]
    public object Flat_record() => _mappings.Map(_flat);

    [Benchmark]
    public object Nested_records() => _mappings.Map(_nested);

    /// <summary>One whose type stays over the reload: two objects are looked into, and two that they hold are of types that hold nothing.</summary>
    [Benchmark]
    public object Message_that_stays() => _mappings.Map(_message);

    /// <summary>The walk alone, which is made when the first look does not tell.</summary>
    [Benchmark]
    public bool Message_that_stays_by_the_walk()
    {
        var isClean = _region.IsClean(_message, _mappings);
        _region.Clear();
        return isClean;
    }

    /// <summary>Figures for one entry.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public object Entry_of_a_dictionary_of_1000() => _mappings.Map(_dictionary);

    /// <summary>Figures for one entry.</summary>
    [Benchmark(OperationsPerInvoke = LongList)]
    public object Entry_of_a_list_of_100000() => _mappings.Map(_list);

    /// <summary>Figures for one number, which becomes wider.</summary>
    [Benchmark(OperationsPerInvoke = Side * Side)]
    public object Number_in_a_grid_of_1000_by_1000() => _mappings.Map(_grid);

    private static void Check(bool holds)
    {
        if (!holds) throw new InvalidOperationException("The mapping does not give what is to be measured.");
    }
}
