using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests.Releases;

public sealed class GrowingOutputTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(ReleaseFileKind.Content)]
    [InlineData(ReleaseFileKind.Package)]
    public async Task Output_that_grows_while_it_is_read_is_not_read_to_its_end(ReleaseFileKind kind)
    {
        using var shop = new Workshop();
        var grows = shop.Write("grows", "x");
        var reads = 0;
        var build = shop.Build with { Outputs = [.. shop.Build.Outputs, new(grows, "grows", kind, "Some.Package")] };
        FileStream Open(string path) => path == grows ? new Growing(path, () => reads++) : OutputAccess.Any(path);

        var result = await shop.Store.Stage(build, Workshop.Info with { Open = Open }, Workshop.Cancellation);

        Assert.Equal($"{grows} changed while it was copied.", result.Cause);
        Assert.True(result.Transient); // it says nothing of the commit
        Assert.InRange(reads, 1, 2);
        shop.AssertNothingHalf();
    }

    /// <summary>There is more of it each time; up to an end all the same, for the sake of the disk.</summary>
    private sealed class Growing(string path, Action read) : FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0)
    {
        private readonly byte[] _more = new byte[1 << 20];

        public override int Read(Span<byte> buffer)
        {
            read();
            if (Length < 64 << 20)
                File.AppendAllBytes(Name, _more);
            return base.Read(buffer);
        }
    }
}
