using WatchReload.Builder.Lanes;
using WatchReload.Builder.Tests.Support;

namespace WatchReload.Builder.Tests.Lanes;

public sealed class OutputTimesTests : IDisposable
{
    private readonly Tree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task What_is_of_the_future_is_older_than_every_source_then_and_the_rest_stays_as_it_is()
    {
        await Task.CompletedTask;
        _tree.Write("obj/late.dll", "").Write("obj/early.dll", "");
        var early = DateTime.UtcNow.AddMinutes(-1);
        File.SetLastWriteTimeUtc(_tree["obj/late.dll"], DateTime.UtcNow.AddDays(1));
        File.SetLastWriteTimeUtc(_tree["obj/early.dll"], early);

        Assert.Null(OutputTimes.MakePast(_tree["obj"]));

        Assert.True(File.GetLastWriteTimeUtc(_tree["obj/late.dll"]) < early);
        Assert.Equal(early, File.GetLastWriteTimeUtc(_tree["obj/early.dll"]));
        Assert.Null(OutputTimes.MakePast(_tree["nowhere"]));
    }
}
