namespace WatchReload.Daemon.Git;

/// <summary>What <see cref="GitCheckout.Find"/> found.</summary>
internal abstract record GitLookup
{
    internal sealed record Found(GitCheckout Checkout) : GitLookup;

    /// <summary>No checkout to work with; why, and the remedy.</summary>
    internal abstract record Missing(Refusal Why) : GitLookup;

    internal sealed record NoGit(Refusal Why) : Missing(Why);

    internal sealed record NotACheckout(Refusal Why) : Missing(Why);

    /// <summary>Git refuses a repository that belongs to another user ("dubious ownership").</summary>
    internal sealed record ForeignOwned(Refusal Why) : Missing(Why);

    internal sealed record Failed(Refusal Why) : Missing(Why);
}
