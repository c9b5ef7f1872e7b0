namespace WatchReload.Builder.Tests.Lanes;

/// <summary>Types of which the platform's generator makes code.</summary>
public sealed class SerializedTypeTests : DeltaLaneBed
{
    private const string Source = "App/Extra.cs";

    private protected override string Extra => """
        using System.Text.Json.Serialization;

        namespace App;

        internal sealed record Sent(string Name) { internal string Said() { return Name; } }

        [JsonSerializable(typeof(Sent))]
        internal sealed partial class SentJson : JsonSerializerContext;

        internal static class Wire { internal static string Of(Sent sent) { return System.Text.Json.JsonSerializer.Serialize(sent, SentJson.Default.Sent) + sent.Said(); } }
        """;

    [Fact(Timeout = 300_000)]
    public async Task They_are_made_anew_by_delta_when_what_the_generator_makes_is_the_same_and_else_replayed()
    {
        Edit(Source, "Said() { return Name; }", "Said(bool loud) { return loud ? \"LOUD\" : Name; }");
        Edit(Source, "sent.Said()", "sent.Said(true)");
        var delta = await Delta();
        Assert.True(Has(delta, "LOUD"));
        Assert.Equal(["App.Sent", "App.SentJson", "App.Wire"], Assert.Single(delta.Deltas).Remade.Order(StringComparer.Ordinal));

        Edit(Source, "record Sent(string Name)", "record Sent(string Name, int Stars)");
        var outcome = await Build(Loaded);
        Assert.StartsWith("a generator makes another", outcome.LaneReason, StringComparison.Ordinal);
    }
}
