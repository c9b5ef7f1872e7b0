using WatchReload.Builder.Evaluation;

namespace WatchReload.Builder.Tests.Evaluation;

public sealed class ProjectSnapshotTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("<PackageReference Include='A' Condition=\"'$(MSBuildIsRestoring)' == 'true'\" />", true)]
    [InlineData("<PackageReference Include='A' Condition=\"'$(MSBuildRestoreSessionId)' != ''\" />", true)]
    [InlineData("<Import Project='a.props' Condition=\"'$(ExcludeRestorePackageImports)' != 'true'\" />", true)]
    [InlineData("<AssemblyMetadata Include='Restored' Value='yes' />", false)]
    public async Task A_project_that_can_tell_a_restore_from_a_build_is_known_by_its_text(string text, bool can)
    {
        await Task.CompletedTask;
        Assert.Equal(can, ProjectSnapshot.MentionsRestore(text));
    }
}
