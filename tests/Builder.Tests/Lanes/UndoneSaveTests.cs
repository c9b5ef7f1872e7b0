using System.Text;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>A file is saved and put back, with the time that it had, while MSBuild compiles it: here by targets of its own, so that no clock decides.</summary>
public sealed class UndoneSaveTests : IAsyncDisposable
{
    private readonly Building _building = new();

    public ValueTask DisposeAsync() => _building.DisposeAsync();

    [Fact(Timeout = 300_000)]
    public async Task What_is_there_is_compiled_when_another_was_read_in_between()
    {
        Write("!Exists('../once')");
        var outcome = await Build();
        Assert.Equal((true, false, false), (Has(outcome, "undone"), Has(outcome, "saved"), outcome.Unsettled));
    }

    [Fact(Timeout = 300_000)]
    public async Task Outputs_are_of_no_tree_when_it_happens_again_and_the_next_build_compiles_what_is_there()
    {
        Write("!Exists('../twice')");
        var outcome = await Build();
        Assert.Equal((true, true), (Has(outcome, "saved"), outcome.Unsettled));
        var next = await Build();
        Assert.Equal((true, false), (Has(next, "undone"), next.Unsettled));
    }

    [Fact(Timeout = 300_000)]
    public async Task What_each_build_writes_anew_is_its_own_work()
    {
        Write("true");
        Assert.True((await Build()).Unsettled);
        Assert.False((await Build()).Unsettled);
    }

    private void Write(string condition)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere .NET tells no time of changes");
        _building.Tree
            .Write("App/App.csproj", Projects.Library().Replace("</Project>", $"""
                  <Target Name="Save" BeforeTargets="CoreCompile" Condition="{condition}">
                    <Copy SourceFiles="../saved.txt" DestinationFiles="Text.cs" />
                    <Touch Files="Text.cs" Time="2020-01-02 03:04:05" />
                  </Target>
                  <Target Name="Undo" AfterTargets="CoreCompile" Condition="{condition}">
                    <Copy SourceFiles="../undone.txt" DestinationFiles="Text.cs" />
                    <Touch Files="Text.cs" Time="2020-01-02 03:04:05" />
                    <Touch Files="../twice" AlwaysCreate="true" Condition="Exists('../once')" />
                    <Touch Files="../once" AlwaysCreate="true" />
                  </Target>
                </Project>
                """, StringComparison.Ordinal))
            .Write("saved.txt", Text("saved"))
            .Write("undone.txt", Text("undone"))
            .Write("App/Text.cs", Text("undone"));
        File.SetLastWriteTimeUtc(_building.Tree["App/Text.cs"], new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
    }

    private static string Text(string text) => $"public static class Text {{ public static string Of() => \"{text}\"; }}";

    private async Task<BuildOutcome> Build()
    {
        var outcome = await _building.Build("App/App.csproj", TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        return outcome;
    }

    private static bool Has(BuildOutcome outcome, string text) => File.ReadAllBytes(outcome.Outputs.Single(output => output.Path == "App.dll").Source).AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;
}
