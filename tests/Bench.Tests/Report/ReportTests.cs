using System.Xml.Linq;
using WatchReload.Bench.Machine;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Report;
using WatchReload.Bench.Results;

namespace WatchReload.Bench.Tests.Report;

public sealed class ReportTests : IDisposable
{
    private readonly string _docs = Directory.CreateTempSubdirectory("watchreload-bench-tests-").FullName;

    public void Dispose() => Directory.Delete(_docs, recursive: true);

    [Fact(Timeout = 60_000)]
    public async Task Aims_stand_beside_figures_and_what_is_missed_says_by_how_much()
    {
        await Task.Yield();
        var text = Write(SaveToLive());

        Assert.Contains("| body edit, 10 files, all connections | at most 30 ms | 60 ms | **2** times off |", text, StringComparison.Ordinal);
        Assert.Contains("| body edit, 10 files, beside `dotnet watch` | at most 0.5× dotnet watch | 0.4× (60 ms) | met |", text, StringComparison.Ordinal);
        Assert.Contains("| connections lost: body, 10 files | 0 | 1 | **missed**: 1 |", text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_changed_state_record_stands_beside_the_emit_and_its_aim_is_what_is_taken_beyond_it()
    {
        await Task.Yield();
        Row[] rows =
        [
            new("staterecord-10.emit", "state: beside a full emit", "ms", false, new Dictionary<string, IReadOnlyList<double>> { [PeerNames.WatchReload] = [180], [PeerNames.Emit] = [120] }),
            new("staterecord-10.beyond-emit", "state: beyond a full emit", "ms", false, new Dictionary<string, IReadOnlyList<double>> { [PeerNames.WatchReload] = [60] }),
        ];
        var text = Write(SaveToLive() with { Rows = rows });

        Assert.Contains("| state: beside a full emit | **1.5×** bare Roslyn emit | 180 ms | bare Roslyn emit: 120 ms |", text, StringComparison.Ordinal);
        Assert.Contains("| changed state record, 10 files, all connections: beyond a full emit by bare Roslyn | at most 30 ms | 60 ms | **2** times off |", text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Ratio_comes_first_and_the_spread_is_told()
    {
        await Task.Yield();
        Assert.Contains("| body edit: last | **0.4×** dotnet watch | 60 ms (55 to 65; 50 to 70) | dotnet watch: 150 ms |", Write(SaveToLive()), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Runs_are_those_that_were_made_whatever_was_asked_for()
    {
        await Task.Yield();
        var asked = SaveToLive() with { Runs = 10 };

        Assert.Contains("A case. 3 runs, ", Write(asked), StringComparison.Ordinal);
        var one = asked.Rows[0] with { Values = new Dictionary<string, IReadOnlyList<double>> { [PeerNames.WatchReload] = [60] } };
        Assert.Contains("A case. 1 run, ", Write(asked with { Rows = [one] }), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_not_measured_is_said()
    {
        await Task.Yield();
        var text = Write(SaveToLive() with { GivenUp = "no Erlang\n  at some place", Missing = ["the rest"] });

        Assert.Contains("- the case echo\n", text, StringComparison.Ordinal);
        Assert.Contains("- save-to-live: new file, 10 files\n", text, StringComparison.Ordinal);
        Assert.Contains("- **Given up before its end**: no Erlang\n- **Not measured**: the rest\n", text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Charts_are_well_formed_and_follow_the_readers_colours()
    {
        await Task.Yield();
        Write(SaveToLive() with { Curves = [new Curve("memory", "node <a> & b", "reloads", "MB", [[0, 10], [10, 12.5]])] });

        var charts = Directory.GetFiles(Path.Combine(_docs, "benchmarks"), "*.svg");
        Assert.Equal(2, charts.Length);
        Assert.All(charts, c =>
        {
            Assert.Equal("svg", XDocument.Load(c).Root!.Name.LocalName);
            Assert.Contains("prefers-color-scheme: dark", File.ReadAllText(c), StringComparison.Ordinal);
        });
    }

    [Fact(Timeout = 60_000)]
    public async Task Results_are_the_same_after_they_were_on_disk()
    {
        await Task.Yield();
        var result = SaveToLive();
        ResultFiles.Write(_docs, result);

        var read = Assert.Single(ResultFiles.Read(_docs, ["absent", result.Case]));
        Assert.Equal(result.Rows[0].Values[PeerNames.WatchReload], read.Rows[0].Values[PeerNames.WatchReload]);
        Assert.Equal(result.Machine, read.Machine);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_part_that_was_measured_by_itself_takes_the_place_of_its_rows_alone()
    {
        await Task.Yield();
        var whole = SaveToLive();
        var first = whole.Rows[0];
        ResultFiles.Write(_docs, whole);
        ResultFiles.Write(_docs, whole with
        {
            Sizes = [40],
            Started = whole.Started + TimeSpan.FromHours(1),
            Rows = [first with { Values = new Dictionary<string, IReadOnlyList<double>> { [PeerNames.WatchReload] = [1234.5] } }, first with { Id = "body-40.first" }],
        });

        var parts = ResultFiles.Read(_docs, [whole.Case]);
        Assert.Equal([null, [40]], parts.Select(p => p.Sizes));
        var together = CaseResult.Together(parts.Reverse());
        Assert.Equal([.. whole.Rows.Select(r => r.Id), "body-40.first"], together.Rows.Select(r => r.Id));
        Assert.Equal([1234.5], together.Rows[0].Values[PeerNames.WatchReload]);

        ResultFiles.Write(_docs, whole);
        Assert.Null(Assert.Single(ResultFiles.Read(_docs, [whole.Case])).Sizes);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, "0")]
    [InlineData(0.01234, "0.012")]
    [InlineData(1.236, "1.24")]
    [InlineData(12.34, "12.3")]
    [InlineData(1234.5, "1,235")]
    [InlineData(1234567, "1,234,567")]
    public async Task Numbers_have_the_digits_that_count(double value, string text)
    {
        await Task.Yield();
        Assert.Equal(text, Numbers.Text(value));
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_aim_belongs_to_a_case_that_there_is()
    {
        await Task.Yield();
        Assert.Empty(Aims.All.Select(a => a.Case).Except(BenchCommand.CaseNames));
    }

    private string Write(CaseResult result)
    {
        ReportWriter.Write(_docs, [result], new Dictionary<string, string> { [result.Case] = "a case", ["echo"] = "another" });
        return File.ReadAllText(Path.Combine(_docs, "benchmarks.md"));
    }

    private static CaseResult SaveToLive()
    {
        var recorder = new Recorder();
        foreach (var value in (double[])[50, 60, 70]) recorder.Add("body-10.last", "body edit: last", "ms", PeerNames.WatchReload, value);
        recorder.Add("body-10.last", "body edit: last", "ms", PeerNames.DotnetWatch, 150);
        recorder.Count("body-10.lost", "lost", PeerNames.WatchReload, 1);
        recorder.Count("body-10.lost", "lost", PeerNames.WatchReload, 0);
        return new CaseResult
        {
            Case = "save-to-live",
            Started = DateTimeOffset.UnixEpoch,
            Machine = new MachineFacts("cpu", 2, "1 kB", "6", "Debian", ".NET", "10", "25", "abc"),
            Runs = 3,
            Rows = recorder.Rows,
        };
    }
}
