using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Resident.Hook;

/// <summary>Puts the packs of pushes aside that are handed in to be rehearsed: each of a limited size, in a limited time, where there is room. They last as long as the daemon at most.</summary>
/// <param name="state">Where.</param>
/// <param name="minimumFreeSpace">What is left free of the disk beside a push; 0: that is not asked.</param>
/// <param name="time">Of the limit.</param>
/// <param name="log">Of the routes.</param>
internal sealed class HandedPushes(StateDirectory state, long minimumFreeSpace, TimeProvider time, ILogger log)
{
    /// <summary>Of one push. Larger ones are for a gate that runs as the service's user.</summary>
    public const long LargestPush = 256L << 20;

    /// <summary>Whoever pushes is told why, and not that a connection broke.</summary>
    public static StateException TooLarge() => new(
        $"This push is larger than the {LargestPush >> 20} MB that are taken in to be rehearsed.",
        "Install the hook without --gate, so that the push is stored first and fetched from there; or let git run as the user of the service, whose gate reads the push where it is.");

    private static readonly TimeSpan _within = TimeSpan.FromMinutes(2);

    private long _last;

    private string Root => Path.Combine(state.Root, "handed");

    /// <summary>What a daemon that was killed left.</summary>
    public void Clear() => Delete(Root);

    /// <summary>The directory of objects that has the pack in it; null when it was refused, which is answered.</summary>
    public async Task<string?> Receive(HttpContext context)
    {
        var objects = Path.Combine(Root, $"{Interlocked.Increment(ref _last)}");
        try
        {
            if (minimumFreeSpace > 0 && new DriveInfo(state.Root).AvailableFreeSpace is var free && free < minimumFreeSpace + LargestPush)
            {
                await context.WriteError(StatusCodes.Status503ServiceUnavailable, $"The disk of the service has {free >> 20} MB free, and {(minimumFreeSpace + LargestPush) >> 20} MB must be before a push is taken in.", "Make room there, then push again.");
                return null;
            }

            OwnedPath.EnsureDirectory(Root);
            OwnedPath.EnsureDirectory(objects);
            OwnedPath.EnsureDirectory(Path.GetDirectoryName(HandedPack.FileIn(objects))!);
            await Copy(context, HandedPack.FileIn(objects));
            return objects;
        }
        catch (Exception e)
        {
            Delete(objects);
            if (e is not IOException or BadHttpRequestException || context.RequestAborted.IsCancellationRequested)
                throw;
            await context.WriteError(StatusCodes.Status503ServiceUnavailable, $"The push could not be kept: {e.Message}", "Is the disk of the service full? Make room, then push again.");
            return null;
        }
    }

    public void Delete(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
                Directory.Delete(directory, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ResidentLog.PushNotDeleted(log, e, directory); // the next start of a daemon tries again
        }
    }

    private async Task Copy(HttpContext context, string file)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LargestPush;
        context.Features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate = null; // git says nothing while it counts; the time in all is limited
        using var deadline = new CancellationTokenSource(_within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        await using var to = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        try
        {
            await context.Request.Body.CopyToAsync(to, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The push did not arrive in time.", StatusCodes.Status408RequestTimeout);
        }
    }
}
