using System.Reflection;
using System.Text.RegularExpressions;
using WatchReload.Actors;
using WatchReload.Testing;

namespace Chat
{
    /// <summary>The examples of docs/testing.md about migrations: here they run, and the document has them line by line.</summary>
    public sealed partial class DocumentedMigrationTests
    {
        [Fact(Timeout = 60_000)]
        public Task Examples_hold()
        {
            V2.State state = Migration.Map<V1.State, V2.State>(new(3, "ann", [new("hi")]));
            Assert.Equal((3L, "ann", false), (state.Count, state.Name, state.Log[0].Read));

            V1.State back = Migration.Map<V2.State, V1.State>(state, rollback: true);
            Assert.Equal((3, "ann", "hi"), (back.Count, back.Nick, back.Log[0].Text));

            var failure = Assert.Throws<MigrationException>(() => Migration.Map<V2.State, V1.State>(new(1L << 40, "ann", []), rollback: true));
            Assert.Equal("State.Count: 1099511627776 is no Int32; write Downgrade to say what it becomes", failure.Message);

            var plan = Migration.Plan<V1.State, V2.State>();
            Assert.True(plan.Possible);
            Assert.Empty(plan.Removed);
            Assert.Empty(plan.Warnings);
            Assert.Equal("lossy", plan.Reversible);
            Assert.Contains("State.Log[].Read: is new, and is lost on the way back", plan.Losses);

            Assert.Equal(new Price(1250), Migration.Map<PriceV1, Price>(new(12.5m)));
            return Task.CompletedTask;
        }

        [Fact(Timeout = 60_000)]
        public async Task Document_has_these_examples()
        {
            var recorded = typeof(DocumentedMigrationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(a => a.Key, a => a.Value!);
            var document = await File.ReadAllTextAsync(recorded["TestingDocument"], TestContext.Current.CancellationToken);
            var here = (await File.ReadAllLinesAsync(recorded["DocumentedMigrationTests"], TestContext.Current.CancellationToken)).Select(line => line.Trim()).ToHashSet();
            var section = document[document.IndexOf("## Migrations", StringComparison.Ordinal)..];
            var lines = Code().Matches(section).SelectMany(match => match.Groups[1].Value.Split('\n')).Select(line => Comment().Replace(line, "").Trim()).Where(line => line.Length > 0).ToList();
            Assert.True(lines.Count > 20);
            Assert.DoesNotContain(lines, line => !here.Contains(line));
        }

        [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
        private static partial Regex Code();

        [GeneratedRegex(" +// .*$")]
        private static partial Regex Comment();
    }

    public sealed record PriceV1(decimal Euros);

    public sealed record Price(long Cents) : IUpgrade<PriceV1, Price>
    {
        public static Price Upgrade(PriceV1 old) => new((long)(old.Euros * 100));
    }
}

namespace Chat.V1
{
    public sealed record State(int Count, string Nick, List<Seen> Log);
    public sealed record Seen(string Text);
}

namespace Chat.V2
{
    public sealed record State(long Count, [FormerName("Nick")] string Name, List<Seen> Log);
    public sealed record Seen(string Text, bool Read = false);
}
