using WatchReload.Builder.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Diagnostics;

public sealed class DiagnosticBagTests
{
    private readonly DiagnosticBag _bag = new();

    [Fact(Timeout = 60_000)]
    public async Task Keeps_one_when_several_projects_report_the_same()
    {
        await Task.CompletedTask;
        _bag.Add(Error("CS0103", "x") with { Project = "A.csproj" });
        _bag.Add(Error("CS0103", "x") with { Project = "B.csproj" });
        Assert.Equal("A.csproj", Assert.Single(_bag.All).Project);
    }

    [Fact(Timeout = 60_000)]
    public async Task Joins_the_lines_of_one_message()
    {
        await Task.CompletedTask;
        _bag.Add(Error("NU1102", "Unable to find package X with version (>= 9.0.0)"));
        _bag.Add(Error("NU1102", "  - Found 3 version(s) in local"));
        _bag.Add(Error("NU1102", "  - Found 3 version(s) in local"));
        Assert.Equal("Unable to find package X with version (>= 9.0.0)\n  - Found 3 version(s) in local", Assert.Single(_bag.All).Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task Has_errors_only_when_one_is_an_error()
    {
        await Task.CompletedTask;
        _bag.Add(Error("CS0168", "unused") with { Severity = DiagnosticSeverity.Warning });
        Assert.False(_bag.HasErrors);
        _bag.Add(Error("CS1002", "; expected"));
        Assert.True(_bag.HasErrors);
    }

    private static BuildDiagnostic Error(string code, string message) => new(DiagnosticSeverity.Error, code, message, "/tree/a.cs", 1, 1, 1, 2, null);
}
