using System.Xml.Linq;
using WatchReload.Actors;

namespace WatchReload.Analyzers.Tests;

/// <summary>The examples in the XML documentation of WatchReload.Actors.</summary>
public sealed class ActorsExamplesTests
{
    private static readonly Dictionary<string, string> Examples = XDocument.Load(Path.ChangeExtension(typeof(IService).Assembly.Location, ".xml"))
        .Descendants("member").Where(member => member.Element("example") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("example")!.Element("code")!.Value);

    public static TheoryData<string> Members => [.. Examples.Keys];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Members))]
    public async Task Example_compiles_and_no_rule_objects(string member) => Assert.Empty(await Analyzed.Marks($"using System.Net.Http; using Microsoft.Extensions.Logging; {Examples[member]}"));
}
