namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Collects what a plan finds, each once.</summary>
internal sealed class PlanNotes(MappingDirection direction)
{
    private readonly List<string> _problems = [];
    private readonly List<string> _removed = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _losses = [];
    private readonly List<string> _given = [];
    private Reversibility _reversible;

    public int ProblemCount => _problems.Count;

    public void Problem(string path, string text) => Add(_problems, $"{path}: {text}");

    public void Removed(string path) => Add(_removed, path);

    public void Given(string path) => Add(_given, path);

    public void Warning(string path, string text) => Add(_warnings, $"{path}: {text}");

    public void Loss(string path, string text, Reversibility reversible = Reversibility.Lossy)
    {
        if (direction == MappingDirection.Rollback) return;
        Add(_losses, $"{path}: {text}");
        if (reversible > _reversible) _reversible = reversible;
    }

    public MappingPlan ToPlan() => new([.. _problems], [.. _removed], [.. _warnings], _reversible, [.. _losses]) { Given = [.. _given] };

    private static void Add(List<string> list, string text)
    {
        if (!list.Contains(text)) list.Add(text);
    }
}
