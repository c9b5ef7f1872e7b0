using System.Collections.Immutable;

namespace WatchReload.Bench.Micro.Mapping.Before;

internal sealed record Flat(int Id, string Name, long Count);

internal sealed record Address(string Street, string City);

internal sealed record Customer(int Id, string Name, Address Home, Address Work);

internal sealed record ByName(Dictionary<string, Flat> Entries);

internal sealed record Long(List<Flat> Entries);

internal sealed record Fixed(ImmutableList<Flat> Entries);

internal sealed record Customers(List<Customer> Entries);

internal sealed record Grid(int[,] Cells);

internal sealed record Scores(int[,] Cells);

internal sealed record Board(Flat?[,] Cells);

internal sealed record Seats(Flat?[] Entries);
