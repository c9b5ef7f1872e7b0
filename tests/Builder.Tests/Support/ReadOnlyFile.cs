using System.Diagnostics;

namespace WatchReload.Builder.Tests.Support;

/// <summary>A file that nobody can write, nor set the time of, not even root.</summary>
internal sealed class ReadOnlyFile : IAsyncDisposable
{
    private readonly string _path;

    private ReadOnlyFile(string path) => _path = path;

    /// <summary>Skips the test where this user may not mount.</summary>
    public static async Task<ReadOnlyFile> Make(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can mount.");
        Assert.SkipUnless(await Run("mount", "--bind", path, path), "Mounting is not allowed here.");
        var made = new ReadOnlyFile(path);
        Assert.True(await Run("mount", "-o", "remount,bind,ro", path));
        return made;
    }

    public async ValueTask DisposeAsync() => await Run("umount", _path);

    private static async Task<bool> Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(tool, arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }
}
