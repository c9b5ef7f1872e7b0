namespace WatchReload.Builder.Tests.Support;

/// <summary>A target that never ends, nor says anything, when the property WaitForEver is true.</summary>
internal static class Waiting
{
    public const string Target = """
        <Target Name="Wait" BeforeTargets="CoreCompile" Condition="'$(WaitForEver)' == 'true'">
          <Exec Command="tail -f /dev/null" Condition="'$(OS)' != 'Windows_NT'" />
          <Exec Command="ping -t 127.0.0.1 &gt; nul" Condition="'$(OS)' == 'Windows_NT'" />
        </Target>
        """;
}
