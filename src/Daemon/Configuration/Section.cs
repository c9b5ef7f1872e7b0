namespace WatchReload.Daemon.Configuration;

/// <summary>
/// An object of the configuration: the top, a group, or one item of a list. Every value is read in each layer, so that what is
/// wrong is told even where a later layer overrides it; the last layer's counts. What is asked for becomes a known key.
/// </summary>
internal sealed class Section
{
    private readonly string _schemaPath;
    private readonly string _path;
    private readonly IReadOnlyList<(Layer Layer, ConfigObject Object)> _parts;
    private readonly HashSet<string> _names = [];
    private readonly bool _inList;

    private Section(Reading reading, string schemaPath, string path, IReadOnlyList<(Layer, ConfigObject)> parts, bool inList)
    {
        (Reading, _schemaPath, _path, _parts, _inList) = (reading, schemaPath, path, parts, inList);
        reading.Sections.Add(this);
    }

    public Reading Reading { get; }

    public static Section Top(Reading reading) =>
        new(reading, "", "", [.. reading.Layers.Where(layer => layer.File is not null).Select(layer => (layer, layer.File!))], inList: false);

    /// <summary>An item of a list of objects.</summary>
    public static Section Item(Field field, ConfigObject item, string schemaPath, string path) => new(field.Reading, schemaPath, path, [(field.Layer, item)], inList: true);

    public Section Group(string name)
    {
        _names.Add(name);
        var parts = new List<(Layer, ConfigObject)>();
        foreach (var (layer, value) in Values(name))
        {
            if (value is ConfigObject group)
                parts.Add((layer, group));
            else
                new Field(Reading, layer, Join(_path, name), value).FailType("a group of settings", $"Write \"{name}\": {{ … }}.");
        }

        return new Section(Reading, Join(_schemaPath, name), Join(_path, name), parts, _inList);
    }

    public T Read<T>(KnownKey key, T fallback, FieldParser<T> parse)
    {
        var (name, path) = (key.Path, Join(_path, key.Path));
        key = key with { Path = Join(_schemaPath, name) };
        _names.Add(name);
        Reading.Keys[key.Path] = key;
        var result = fallback;
        foreach (var (layer, value) in Values(name).Concat(Texts(path)))
        {
            var field = new Field(Reading, layer, path, value);
            Reading.Tried.Add(path);
            Reading.Misread.Add(path);
            if (key.HostOnly && layer.Kind == LayerKind.Tree)
                field.Fail("decides what gets live, so the tree must not say it.", $"Remove it here; put it into the host's configuration (--host-config), or set {EnvironmentLayer.NameOf(path)}.");
            else if (value is ConfigNull && key.Nullable)
                Take(fallback, field);
            else if (parse(field, out var read))
                Take(read, field);
        }

        return result;

        void Take(T value, Field field)
        {
            (result, Reading.Given[path]) = (value, field);
            Reading.Misread.Remove(path);
        }
    }

    /// <summary>The layer of a list's item; of others, the first that has it.</summary>
    public Layer Layer => _parts[0].Layer;

    /// <summary>What is wrong with a value that was read from this item of a list, or with its default.</summary>
    public void Fail(string name, string problem, string remedy)
    {
        var (layer, item) = _parts[0];
        new Field(Reading, layer, Join(_path, name), item[name] ?? item).Fail(problem, remedy);
    }

    public void RefuseUnknownKeys()
    {
        foreach (var member in _parts.SelectMany(part => part.Object.Members).Where(member => !_names.Contains(member.Name)))
            Reading.Problems.Add(member.At.Problem($"{Shown.Text(member.Name)} is not a setting{(_path.Length == 0 ? "" : $" of {_path}")}.", Suggestion(member.Name)));
    }

    private IEnumerable<(Layer, ConfigValue)> Values(string name)
    {
        foreach (var (layer, part) in _parts)
        {
            if (part[name] is { } value)
                yield return (layer, value);
        }
    }

    // Variables and flags come after all files. They name no items of lists.
    private IEnumerable<(Layer, ConfigValue)> Texts(string path)
    {
        foreach (var layer in _inList ? [] : Reading.Layers)
        {
            if (layer.Texts.TryGetValue(path, out var text))
                yield return (layer, text);
        }
    }

    private string Suggestion(string name)
    {
        if (Nearest.To(name, _names) is { } near)
            return $"Did you mean \"{near}\"?";
        var elsewhere = Reading.Keys.Keys.FirstOrDefault(path => path.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));
        return elsewhere is not null ? $"Did you mean {elsewhere}?" : $"Known here: {string.Join(", ", _names.Order(StringComparer.Ordinal))}.";
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
