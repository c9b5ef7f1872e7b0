namespace WatchReload.Daemon.Configuration;

/// <summary>A value and where it stands: JSON as read from a file, or the text of a variable or flag.</summary>
internal abstract record ConfigValue(Location At)
{
    /// <summary>For messages: <c>a number</c>.</summary>
    public abstract string Kind { get; }
}

/// <param name="Untyped">From a variable or flag: may stand for a number, a boolean or, as JSON, a list.</param>
internal sealed record ConfigText(Location At, string Text, bool Untyped = false) : ConfigValue(At)
{
    public override string Kind => "a text";
}

/// <param name="Digits">As written.</param>
internal sealed record ConfigNumber(Location At, string Digits) : ConfigValue(At)
{
    public override string Kind => "a number";
}

internal sealed record ConfigBoolean(Location At, bool Value) : ConfigValue(At)
{
    public override string Kind => "true or false";
}

internal sealed record ConfigNull(Location At) : ConfigValue(At)
{
    public override string Kind => "null";
}

internal sealed record ConfigList(Location At, IReadOnlyList<ConfigValue> Items) : ConfigValue(At)
{
    public override string Kind => "a list";
}

/// <param name="Members">In the order of the file, duplicates left out.</param>
internal sealed record ConfigObject(Location At, IReadOnlyList<ConfigMember> Members) : ConfigValue(At)
{
    public override string Kind => "an object";

    public ConfigValue? this[string name] => Members.FirstOrDefault(member => member.Name == name)?.Value;
}

internal sealed record ConfigMember(string Name, Location At, ConfigValue Value);
