namespace WatchReload.Hosting.Loading;

/// <summary>Why a release is refused, and what to do about it. Both are sentences without line breaks.</summary>
internal sealed record LoadProblem(string Cause, string Remedy)
{
    public override string ToString() => $"{Cause} {Remedy}";
}
