using WatchReload.Builder.Replay;
using WatchReload.Builder.Tests.Support;

namespace WatchReload.Builder.Tests.Replay;

public sealed class ProjectTextTests : IDisposable
{
    private readonly Tree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("<Import Project='../build/*.props' />", "App.csproj imports by a pattern (../build/*.props)")]
    [InlineData("<Import Project='../build/part?.props' />", "App.csproj imports by a pattern (../build/part?.props)")]
    [InlineData("<Import Project='../local.props' Condition=\"Exists('../local.props')\" />", "App.csproj looks for what is there (Exists()")]
    [InlineData("<PropertyGroup><Version>$([System.IO.File]::ReadAllText('VERSION'))</Version></PropertyGroup>", "App.csproj looks for what is there (System.IO.)")]
    [InlineData("<PropertyGroup><Built>$([System.DateTime]::UtcNow)</Built></PropertyGroup>", "App.csproj looks for what is there (System.DateTime)")]
    [InlineData("<Import Project=\"$([MSBuild]::GetPathOfFileAbove('our.props'))\" />", "App.csproj looks for what is there (GetPathOfFileAbove()")]
    public async Task Doubts_what_looks_beyond_the_inputs(string content, string doubt)
    {
        await Task.CompletedTask;
        Assert.Equal(doubt, ProjectText.Doubt(Project(content)));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("<ItemGroup><Compile Include='Deep/**/*.cs' Exclude='../x/*.cs' /><AdditionalFiles Include='../BannedSymbols.txt' /></ItemGroup>")]
    [InlineData("<Import Project=\"$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))\" />")]
    [InlineData("<PropertyGroup Condition=\"'$(Configuration)' == 'Debug'\"><Nullable>enable</Nullable></PropertyGroup>")]
    public async Task Has_no_doubt_about_what_is_listed(string content)
    {
        await Task.CompletedTask;
        Assert.Null(ProjectText.Doubt(Project(content)));
    }

    private string Project(string content)
    {
        _tree.Write("App.csproj", $"<Project Sdk='Microsoft.NET.Sdk'>{content}</Project>");
        return _tree["App.csproj"];
    }
}
