using System.Collections.Immutable;

namespace WatchReload.Bench.Micro.Mapping.After;

internal sealed record Flat(int Id, string Name, long Count, int Added = 7);

internal sealed record Address(string Street, string City, string? Country = null);

internal sealed record Customer(int Id, string Name, Address Home, Address Work);

internal sealed record ByName(Dictionary<string, Flat> Entries);

internal sealed record Long(List<Flat> Entries);

internal sealed record Dot(int X, int Y) : Stays.IPart;

internal sealed record Fixed(ImmutableList<Flat> Entries);

internal sealed record Customers(List<Customer> Entries);

internal sealed record Grid(int[,] Cells);

internal sealed record Scores(long[,] Cells);

internal sealed record Board(Flat?[,] Cells);

internal sealed record Seats(Flat?[] Entries);
