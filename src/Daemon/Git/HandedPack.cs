using WatchReload.Control;

namespace WatchReload.Daemon.Git;

/// <summary>A push that another user's pre-receive hook hands over, since git lets that user alone read what is pushed.</summary>
/// <remarks>
/// Theory of operation. The hook packs what its branch did not have yet; the pack lies in a directory of its own, in the form of an object directory of git. What
/// the branch has is fetched, as for a pull. Then git indexes the pack: every object is checked, and that what it refers to is there. From then on it is
/// read as git's own quarantine is, over the checkout's objects: nothing of it gets into the checkout's repository. Thrown away with the directory.
/// </remarks>
internal sealed class HandedPack(GitCheckout checkout, PullRequest request, Quarantine quarantine)
{
    /// <summary>Where the pack is to be put.</summary>
    public static string FileIn(string objects) => Path.Combine(objects, "pack", "pack-handed.pack");

    /// <summary>Of a pack that is, or will be, in this directory.</summary>
    /// <exception cref="GitException">Git does not answer.</exception>
    public static async Task<Quarantine> Quarantine(GitCheckout checkout, string objects, CancellationToken cancellation)
    {
        var own = await checkout.Git.Run(checkout.Root, cancellation, "rev-parse", "--path-format=absolute", "--git-path", "objects");
        return own.Ok ? new Quarantine(checkout.GitDirectory, objects, own.Line) { HandedIn = true } : throw new GitException(GitFailure.Explain("look for the objects of the checkout", own));
    }

    /// <summary>Null: the objects can be read.</summary>
    /// <exception cref="GitException">Git does not answer.</exception>
    public async Task<Refusal?> TakeIn(CancellationToken cancellation)
    {
        if ((await Deployed.By(checkout, request.Policy, cancellation)).What?.Upstream is { Remote: not "." } upstream)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(request.LockFile)!);
            using var held = await FileLock.Acquire(request.LockFile, request.LockDeadline, checkout.Git.Time, cancellation);
            if (held is null)
                return new Refusal("Another pull is under way", "Wait for it to end, then push again");
            if (await upstream.Fetch(checkout, cancellation) is { } unfetched)
                return unfetched;
        }

        var call = new GitCall(quarantine.Repository, ["index-pack", "--strict", FileIn(quarantine.Objects)]) { Deadline = GitCommand.Slow };
        var indexed = await GitObjects.Of(quarantine, checkout.Git).Run(call, cancellation);
        if (indexed.Ok)
            return null;
        var why = GitFailure.Explain("read what was pushed", indexed);
        return indexed.Error.Contains("fsck", StringComparison.OrdinalIgnoreCase) ? new Refusal(why.Cause, "Mend the commits that git names; where they are of old and cannot be, install the hook without --gate")
            : GitFailure.IsKnown(indexed) ? why
            : new Refusal(why.Cause, "Push again; if it fails again, look whether the repository that is pushed to is sound: git fsck");
    }
}
