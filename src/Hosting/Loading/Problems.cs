namespace WatchReload.Hosting.Loading;

/// <summary>Collects all that is wrong with one release, so that it is told at once.</summary>
internal sealed class Problems
{
    private const string MakeAnew = "Make a new release with 'watchreload reload', or go back to another with 'watchreload rollback'.";
    private readonly List<LoadProblem> _problems = [];

    public bool Any => _problems.Count > 0;

    public IReadOnlyList<LoadProblem> All => _problems;

    public void Add(string cause, string remedy) => Add(new LoadProblem(cause, remedy));

    /// <summary>The release is not as it was made: nothing that its author could mend.</summary>
    public void AddDamage(string cause) => Add(new LoadProblem(cause, MakeAnew, IsDamage: true));

    public void AddAll(Problems others)
    {
        foreach (var problem in others._problems)
        {
            Add(problem);
        }
    }

    private void Add(LoadProblem problem)
    {
        if (!_problems.Contains(problem))
        {
            _problems.Add(problem);
        }
    }
}
