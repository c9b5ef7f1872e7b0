using WatchReload.Builder.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Diagnostics;

public sealed class CanonicalLineTests
{
    [Fact(Timeout = 60_000)]
    public async Task Reads_file_position_code_and_project()
    {
        await Task.CompletedTask;
        var found = CanonicalLine.Parse("/tree/App/Code.cs(12,7): error CS1002: ; expected [/tree/App/App.csproj]");
        Assert.Equal(new BuildDiagnostic(DiagnosticSeverity.Error, "CS1002", "; expected", "/tree/App/Code.cs", 12, 7, 0, 0, "/tree/App/App.csproj"), found);
    }

    [Fact(Timeout = 60_000)]
    public async Task Takes_the_project_itself_as_project_when_it_is_the_origin()
    {
        await Task.CompletedTask;
        var found = CanonicalLine.Parse("/tree/App.csproj : error NU1101: Unable to find package Nope. No packages exist with this id in source(s): local");
        Assert.NotNull(found);
        Assert.Equal(("NU1101", "/tree/App.csproj", "/tree/App.csproj", 0), (found.Code, found.File, found.Project, found.Line));
        Assert.Equal("Unable to find package Nope. No packages exist with this id in source(s): local", found.Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task Reads_a_warning_with_a_drive_and_the_target_framework_of_its_project()
    {
        await Task.CompletedTask;
        var found = CanonicalLine.Parse(@"C:\tree\App.csproj : warning NU1603: App depends on X [C:\tree\App.csproj::TargetFramework=net10.0]");
        Assert.NotNull(found);
        Assert.Equal((DiagnosticSeverity.Warning, "NU1603", @"C:\tree\App.csproj"), (found.Severity, found.Code, found.File));
        Assert.Equal("App depends on X", found.Message);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("  Determining projects to restore...")]
    [InlineData("  Restored /tree/App.csproj (in 120 ms).")]
    [InlineData("Build FAILED: 1 error")]
    [InlineData("")]
    public async Task Finds_nothing_in_other_lines(string line)
    {
        await Task.CompletedTask;
        Assert.Null(CanonicalLine.Parse(line));
    }
}
