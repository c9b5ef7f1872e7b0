namespace WatchReload.Hosting.Loading;

/// <summary>Why a release is refused, and what to do about it. Both are sentences without line breaks.</summary>
/// <param name="IsDamage">The release is not as it was made, which says nothing of the code.</param>
internal sealed record LoadProblem(string Cause, string Remedy, bool IsDamage = false)
{
    public override string ToString() => $"{Cause} {Remedy}";
}
