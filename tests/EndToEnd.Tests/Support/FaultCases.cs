namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>Which cases of the matrix run: in CI one of each kind, with <c>WATCHRELOAD_TEST_FAULTS=all</c> the whole.</summary>
internal static class FaultCases
{
    public static TheoryData<string> Of(string[] always, string[] more) => [.. Environment.GetEnvironmentVariable("WATCHRELOAD_TEST_FAULTS") == "all" ? [.. always, .. more] : always];
}
