namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Where a plan is: the pair that it plans, and the path to it.</summary>
/// <param name="Pair">The pair; what is wrong here makes it unusable.</param>
/// <param name="Path">From the root, for the report.</param>
/// <param name="Within">The part of the path inside the pair, for the exception if an object of it turns up.</param>
internal sealed record Place(Pair Pair, PlanNotes Notes, string Path, string Within)
{
    public Place At(string label) => this with { Path = Path + label, Within = Within + label };

    public void Problem(string text)
    {
        Notes.Problem(Path, text);
        Pair.Problem ??= Within.Length == 0 ? text : $"{TypeNames.Short(Pair.Old)}{Within}: {text}";
    }

    public void Warning(string text) => Notes.Warning(Path, text);

    public void Loss(string text, Reversibility reversible = Reversibility.Lossy) => Notes.Loss(Path, text, reversible);
}
