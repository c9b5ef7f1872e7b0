using System.Text.Json.Serialization;

namespace WatchReload.Fixtures.Backend;

public enum OrderKind
{
    Plain,
    Urgent,
}

[JsonDerivedType(typeof(Line), "line")]
[JsonDerivedType(typeof(Discount), "discount")]
public abstract record OrderPart;

public sealed record Line(string Item, decimal Price) : OrderPart;

public sealed record Discount(decimal Rate) : OrderPart;

public sealed record Order(int Number, OrderKind Kind, IReadOnlyList<OrderPart> Parts, Dictionary<string, Order?> Related)
{
    public static Order Sample => new(BackendBuild.Number, OrderKind.Urgent, [new Line("tea", 5), new Discount(0.1m)], new() { ["none"] = null });
}

public sealed record Rate(string Currency, decimal Value);

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(Order))]
public sealed partial class BackendJson : JsonSerializerContext;
