using WatchReload.Hosting.Upgrading.Mapping;
using WatchReload.Testing;
using After = WatchReload.Bench.Micro.Mapping.After;
using Before = WatchReload.Bench.Micro.Mapping.Before;
using Stays = WatchReload.Bench.Micro.Mapping.Stays;

namespace WatchReload.Bounds.Tests;

/// <summary>What a state costs in bytes when it becomes the next version's, beside that new state itself. The states are those of bench/Micro.</summary>
public sealed class MappingAllocationTests
{
    private const int Entries = 20_000;
    private const int Side = 500;

    /// <summary>A record of the new version: its header, two numbers of four bytes and one of eight, a reference.</summary>
    private const double Flat = 40;

    /// <summary>One that refers to two others, of three references each.</summary>
    private const double Customer = 48 + (2 * 40);

    /// <summary>Who is who: an old object with its new one, where it was met, and its chain's next.</summary>
    private const double Met = 48 + 4;

    /// <summary>What is read of the old collection, and the new one's element.</summary>
    private const double Element = 8 + 8;

    /// <summary>A slot of a dictionary with its bucket, and what is read of the old one, key and value.</summary>
    private const double Entry = 28 + 16;

    /// <summary>A node of the tree; what is read of the old list, twice as it is made late, once more as what it is made of, and on which step of the way the walk is.</summary>
    private const double Node = 56 + 8 + (2 * 8) + 8 + 8;

    /// <summary>What is there once, spread over all, and what the runner allocates meanwhile.</summary>
    private const double Margin = 6;

    private static readonly MappingSet s_mappings = new(new DeclaredPairing(typeof(Before.Flat), typeof(After.Flat)), MappingDirection.Forward);

    [Fact(Timeout = 60_000)]
    public async Task Flat_record_costs_what_it_costs_by_hand()
    {
        var old = new Before.Flat(1, "name", 2);
        var made = new object[Entries];

        var byHand = await Allocated.PerItem(Entries, () => All(made, () => new After.Flat(old.Id, old.Name, old.Count)));
        var mapped = await Allocated.PerItem(Entries, () => All(made, () => s_mappings.Map(old)));

        Tell(mapped);
        Assert.Equal(new After.Flat(1, "name", 2), made[^1]);
        Assert.InRange(byHand, Flat, Flat + Margin);
        Assert.InRange(mapped, Flat, byHand + Margin);
    }

    [Fact(Timeout = 60_000)]
    public async Task Entry_of_a_list_costs_the_new_record_and_what_tells_who_is_who()
    {
        var bytes = await PerEntry(new Before.Long([.. Records]), Entries, (After.Long state) => state.Entries[^1].Added);

        Assert.InRange(bytes, Flat, Flat + Element + Met + Margin);
    }

    [Fact(Timeout = 60_000)]
    public async Task Entry_of_a_dictionary_costs_the_new_record_and_what_tells_who_is_who()
    {
        var old = new Before.ByName(Records.ToDictionary(record => $"entry {record.Id}"));
        var bytes = await PerEntry(old, Entries, (After.ByName state) => state.Entries["entry 5"].Added);

        Assert.InRange(bytes, Flat, Flat + Entry + Met + Margin);
    }

    [Fact(Timeout = 60_000)]
    public async Task Entry_that_holds_others_costs_all_of_them()
    {
        var old = new Before.Customers([.. Records.Select(record => new Before.Customer(record.Id, record.Name, new("street", "city"), new("other", "city")))]);
        var bytes = await PerEntry(old, Entries, (After.Customers state) => state.Entries[^1].Home.Country is null ? 7 : 0);

        // Places in the chains for what it holds come when that is met, twice as many each time; and it is itself a step of the walk.
        Assert.InRange(bytes, Customer, Customer + Element + (3 * Met) + (4 * sizeof(int)) + sizeof(int) + Margin);
    }

    [Fact(Timeout = 60_000)]
    public async Task Entry_of_what_is_made_late_costs_the_new_record_and_its_node()
    {
        var bytes = await PerEntry(new Before.Fixed([.. Records]), Entries, (After.Fixed state) => state.Entries[^1].Added);

        Assert.InRange(bytes, Flat, Flat + Node + Met + Margin);
    }

    [Fact(Timeout = 60_000)]
    public async Task Number_in_a_grid_costs_itself()
    {
        var (same, wider) = (new Before.Grid(new int[Side, Side]), new Before.Scores(new int[Side, Side]));
        (same.Cells[1, 1], wider.Cells[1, 1]) = (7, 7);

        Assert.InRange(await PerEntry(same, Side * Side, (After.Grid state) => state.Cells[1, 1]), sizeof(int), sizeof(int) + 1);
        Assert.InRange(await PerEntry(wider, Side * Side, (After.Scores state) => (int)state.Cells[1, 1]), sizeof(long), sizeof(long) + 1);
    }

    /// <summary>Nothing is made ready for who is not there.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Empty_slot_costs_itself()
    {
        var (board, seats) = (new Before.Board(new Before.Flat[Side, Side]), new Before.Seats(new Before.Flat[Side * Side]));
        board.Cells[1, 1] = seats.Entries[1] = new Before.Flat(1, "name", 1);

        Assert.InRange(await PerEntry(board, Side * Side, (After.Board state) => state.Cells[1, 1]!.Added), 8, 8 + 1);
        Assert.InRange(await PerEntry(seats, Side * Side, (After.Seats state) => state.Entries[1]!.Added), Element, Element + 1);
    }

    /// <summary>The region is used again for each state.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Object_that_stays_leaves_nothing_in_the_region_that_has_looked_at_it()
    {
        Stays.Drawn? last = null;
        for (var i = 0; i < Entries; i++) last = new Stays.Drawn(new After.Dot(1, 2), "somebody", last);
        var region = new SharedRegion();

        var bytes = await Allocated.RetainedPerItem(Entries, () =>
        {
            Assert.True(region.IsClean(last!, s_mappings));
            region.Clear();
            return Task.FromResult<object>(region);
        });

        Tell(bytes);
        Assert.InRange(bytes, -Margin, Margin);
    }

    private static IEnumerable<Before.Flat> Records => Enumerable.Range(0, Entries).Select(i => new Before.Flat(i, "name", i));

    /// <param name="old">The state that is mapped.</param>
    /// <param name="count">How many entries it has.</param>
    /// <param name="look">At the new one: finds 7.</param>
    private static async Task<double> PerEntry<TNew>(object old, int count, Func<TNew, int> look)
    {
        object? arrived = null;
        var bytes = await Allocated.PerItem(count, () =>
        {
            arrived = s_mappings.Map(old);
            return Task.CompletedTask;
        });
        Tell(bytes);
        Assert.Equal(7, look(Assert.IsType<TNew>(arrived)));
        return bytes;
    }

    private static Task All(object[] made, Func<object> make)
    {
        for (var i = 0; i < made.Length; i++) made[i] = make();
        return Task.CompletedTask;
    }

    private static void Tell(double bytes) => TestContext.Current.TestOutputHelper!.WriteLine($"{bytes:F2} bytes");
}
