using WatchReload.Bench.Results;

namespace WatchReload.Bench.Tests.Report;

public sealed class ResultTextTests
{
    [Theory]
    [InlineData("/bin/bash /tmp/work-1/erlang/recipe.sh start did not end in time. Its last lines:\n  /tmp/work-1/x", "bash recipe.sh start did not end in time. Its last lines:")]
    [InlineData("Nothing listens at 127.0.0.1:80 after 20 s, 3/4 were tried.", "Nothing listens at 127.0.0.1:80 after 20 s, 3/4 were tried.")]
    [InlineData("dotnet (see \"/work/a b\") failed: and/or", "dotnet (see \"a b\") failed: and/or")]
    public void Of_a_message_the_first_line_is_kept_without_directories(string message, string kept) => Assert.Equal(kept, ResultText.Of(message));
}
