using WatchReload.Builder.Replay;

namespace WatchReload.Deltas.Tests;

/// <summary>What a generator may ask the machine, found in its assembly.</summary>
public sealed class OutsideCallsTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("System.IO.File.Exists(\"words.txt\")", "System.IO.File")]
    [InlineData("new System.IO.FileInfo(\"words.txt\").Length", "System.IO.FileInfo")]
    [InlineData("System.IO.Directory.GetFiles(\".\")", "System.IO.Directory")]
    [InlineData("new System.IO.StreamReader(\"words.txt\").ReadToEnd()", "System.IO.StreamReader.new")]
    [InlineData("System.IO.Path.GetTempPath()", "System.IO.Path.GetTempPath")]
    [InlineData("Environment.GetEnvironmentVariable(\"WORDS\")", "System.Environment.GetEnvironmentVariable")]
    [InlineData("Environment.CurrentDirectory", "System.Environment.CurrentDirectory")]
    [InlineData("DateTime.UtcNow", "System.DateTime.UtcNow")]
    [InlineData("DateTimeOffset.Now.Year", "System.DateTimeOffset.Now")]
    [InlineData("Guid.NewGuid()", "System.Guid.NewGuid")]
    [InlineData("Random.Shared.Next()", "System.Random")]
    [InlineData("System.Diagnostics.Process.Start(\"git\")", "System.Diagnostics.Process")]
    [InlineData("new System.Net.Http.HttpClient()", "System.Net.Http.HttpClient")]
    [InlineData("System.Net.Dns.GetHostName()", "System.Net.Dns")]
    public async Task Is_found(string call, string told)
    {
        await Task.Yield();
        Assert.Equal(told, In($"public object? Ask() => {call};"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Environment.NewLine")]
    [InlineData("System.IO.Path.GetFileName(\"a/words.txt\")")]
    [InlineData("new System.IO.StreamReader(new System.IO.MemoryStream()).ReadToEnd()")]
    [InlineData("new System.IO.StringReader(\"one\").ReadLine()")]
    [InlineData("new DateTime(2026, 1, 1).Year")]
    [InlineData("Guid.Parse(\"9f2c0a1e-6f0b-4a57-9c1e-0f9a3f6d2b11\")")]
    [InlineData("typeof(Asked).Assembly.GetManifestResourceStream(\"words\")")]
    public async Task Is_not_what_code_makes_of_its_own(string call)
    {
        await Task.Yield();
        Assert.Null(In($"public object? Ask() => {call};"));
    }

    private static string? In(string member)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(path, CompiledAssembly.From("Asked", $"public class Asked {{ {member} }}").Image);
            return OutsideCalls.In(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
