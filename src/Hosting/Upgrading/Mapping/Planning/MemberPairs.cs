namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Pairs the members of an old type with those of a new one: by name, then by former name.</summary>
internal sealed class MemberPairs
{
    private readonly List<(DataMember Old, DataMember New)> _moved = [];
    private readonly List<DataMember> _added = [];
    private readonly List<string> _problems = [];

    public MemberPairs(Type old, Type target, TypePairs pairs, bool rollback)
    {
        var left = DataMember.Of(old).ToList();
        var unmatched = new List<DataMember>();
        var byName = left.ToLookup(m => m.Name);
        foreach (var member in DataMember.Of(target))
        {
            // A hidden member of a base class has the same name: then the declaring types tell them apart.
            var same = byName[member.Name].Where(left.Contains).ToList();
            var match = same.Count > 1 ? same.Find(m => IsSame(m.Declaring, member.Declaring, pairs)) ?? same[0] : same.FirstOrDefault();
            if (match is null)
            {
                unmatched.Add(member);
                continue;
            }

            _moved.Add((match, member));
            left.Remove(match);
        }

        if (rollback) FindDisputes(left);
        if (unmatched.Count > 0) MatchFormer(unmatched, left, rollback);
        Removed = left;
    }

    public IReadOnlyList<(DataMember Old, DataMember New)> Moved => _moved;

    public IReadOnlyList<DataMember> Added => _added;

    public IReadOnlyList<DataMember> Removed { get; }

    public IReadOnlyList<string> Problems => _problems;

    // On the way back: a name that was given up and taken again belongs to both.
    private void FindDisputes(List<DataMember> left)
    {
        foreach (var member in left)
        {
            var names = member.FormerNames();
            foreach (var (old, _) in _moved.Where(m => names.Contains(m.New.Name)))
                _problems.Add($"'{old.Name}' could be '{old.Name}' or '{member.Name}', which has that former name; write Downgrade");
        }
    }

    private void MatchFormer(List<DataMember> unmatched, List<DataMember> left, bool rollback)
    {
        var claims = new Dictionary<DataMember, DataMember>();
        foreach (var (old, member) in _moved) claims[old] = member;
        var predecessors = rollback ? left.ToDictionary(m => m, m => m.FormerNames()) : [];
        foreach (var member in unmatched)
        {
            var names = member.FormerNames();
            var candidates = claims.Keys.Concat(left).Where(o => names.Contains(o.Name) || (predecessors.TryGetValue(o, out var had) && had.Contains(member.Name))).Distinct().ToList();
            if (candidates is [])
            {
                _added.Add(member);
            }
            else if (candidates is [var only] && !claims.ContainsKey(only))
            {
                claims[only] = member;
                _moved.Add((only, member));
            }
            else
            {
                var others = candidates.Select(c => claims.TryGetValue(c, out var by) ? $"'{c.Name}', which becomes '{by.Name}'" : $"'{c.Name}'");
                _problems.Add($"'{member.Name}' could have been {string.Join(", or ", others)}; remove the [FormerName] that is not meant, or write Upgrade");
            }
        }

        left.RemoveAll(claims.ContainsKey);
    }

    private static bool IsSame(Type old, Type target, TypePairs pairs) => pairs.Counterpart(old) == target || old.Name == target.Name;
}
