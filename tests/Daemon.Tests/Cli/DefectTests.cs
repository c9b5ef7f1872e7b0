using WatchReload.Daemon.Cli;

namespace WatchReload.Daemon.Tests.Cli;

public sealed class DefectTests
{
    [Fact]
    public void Details_are_in_a_file_for_this_user_alone_under_a_name_that_nobody_can_foresee()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes.");
        var (first, second) = (Report(), Report());
        try
        {
            Assert.Contains("What nobody foresaw.", File.ReadAllText(first));
            Assert.NotEqual(first[..^".log".Length], second[..^".log".Length]);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first));
        }
        finally
        {
            File.Delete(first);
            File.Delete(second);
        }
    }

    private static string Report()
    {
        using var error = new StringWriter();
        Assert.Equal(1, Defect.Report(new InvalidOperationException("What nobody foresaw."), CommandRun.Context(Path.GetTempPath(), TextWriter.Null, error)));
        const string before = "The details are in ";
        var text = error.ToString();
        var at = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[at..text.IndexOf(';', at)];
    }
}
