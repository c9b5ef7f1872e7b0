using System.Text;

namespace WatchReload.Daemon.Configuration;

/// <summary>Settings of several values. A later layer's list replaces an earlier one's. As a variable or flag it is JSON, or one text.</summary>
internal static class ListFields
{
    private const string ListRemedy = "Write a list of texts: [\"…\", \"…\"].";

    public static IReadOnlyList<string> Texts(this Section section, string name, Action<Field, string> check) => section.Texts(name, [], check);

    /// <param name="check">Tells what is wrong with an item.</param>
    public static IReadOnlyList<string> Texts(this Section section, string name, IReadOnlyList<string> fallback, Action<Field, string> check)
    {
        var key = new KnownKey(name, "list", $"[{string.Join(", ", fallback.Select(text => $"\"{text}\""))}]");
        return section.Read(key, fallback, (Field field, out IReadOnlyList<string> texts) =>
        {
            var found = new List<string>();
            texts = found;
            if (!TryItems(field, "a list of texts", ListRemedy, out var items))
                return false;
            var before = field.Reading.Problems.Count;
            foreach (var item in items)
            {
                if (!item.TryText(out var text))
                    continue;
                check(item, text);
                found.Add(text);
            }

            return field.Reading.Problems.Count == before;
        });
    }

    /// <summary>A list of objects, each read by <paramref name="read"/>; at least one.</summary>
    public static IReadOnlyList<T> Objects<T>(this Section section, string name, IReadOnlyList<T> fallback, string shownDefault, Func<Section, T> read) =>
        section.Read(new KnownKey(name, "objects", shownDefault), fallback, (Field field, out IReadOnlyList<T> objects) =>
        {
            var found = new List<T>();
            objects = found;
            var remedy = $"Write a list of objects: \"{name}\": [ {{ … }} ].";
            if (!TryItems(field, "a list of objects", remedy, out var items))
                return false;
            if (items.Count == 0)
                field.Fail("is an empty list.", "Name at least one, or leave it out.");
            foreach (var item in items)
            {
                if (item.Value is ConfigObject value)
                    found.Add(read(Section.Item(field, value, name + "[]", item.Path)));
                else
                    item.FailType("an object", remedy);
            }

            return found.Count > 0;
        });

    /// <summary>Names and texts.</summary>
    public static IReadOnlyDictionary<string, string> Map(this Section section, string name, Action<Field, string, string> check) =>
        section.Read(new KnownKey(name, "map", "{}"), (IReadOnlyDictionary<string, string>)new Dictionary<string, string>(), (Field field, out IReadOnlyDictionary<string, string> map) =>
        {
            var found = new Dictionary<string, string>();
            map = found;
            if (field.Value is not ConfigObject { Members: var members })
            {
                field.FailType("an object of texts", "Write { \"NAME\": \"value\" }.");
                return false;
            }

            foreach (var member in members)
            {
                var item = field with { Path = $"{field.Path}.{member.Name}", Value = member.Value };
                if (!item.TryText(out var text))
                    continue;
                check(item with { Value = new ConfigText(member.At, text) }, member.Name, text);
                found[member.Name] = text;
            }

            return true;
        });

    private static bool TryItems(Field field, string wanted, string remedy, out IReadOnlyList<Field> items)
    {
        items = [];
        var value = field.Value;
        if (value is ConfigText { Untyped: true } text)
        {
            value = text.Text.TrimStart().StartsWith('[')
                ? JsonSource.Parse(Encoding.UTF8.GetBytes(text.Text), text.At.File, field.Reading.Problems)
                : new ConfigList(text.At, [text]);
            if (value is null)
                return false;
        }

        if (value is not ConfigList list)
        {
            field.FailType(wanted, remedy);
            return false;
        }

        items = [.. list.Items.Select((item, index) => field with { Path = $"{field.Path}[{index}]", Value = item })];
        return true;
    }
}
