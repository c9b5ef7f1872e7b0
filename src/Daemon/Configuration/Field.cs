using System.Diagnostics.CodeAnalysis;

namespace WatchReload.Daemon.Configuration;

/// <summary>One value of one setting in one layer, being read.</summary>
/// <param name="Path">As messages name it: <c>nodes[1].name</c>.</param>
internal sealed record Field(Reading Reading, Layer Layer, string Path, ConfigValue Value)
{
    public bool IsUntyped => Value is ConfigText { Untyped: true };

    public void Fail(string problem, string remedy) => Reading.Problems.Add(Value.At.Problem($"{Path} {problem}", remedy));

    public void FailType(string wanted, string remedy) => Fail($"is {Value.Kind}, not {wanted}.", remedy);

    public bool TryText([NotNullWhen(true)] out string? text, string wanted = "a text", string remedy = "Write it in quotes.")
    {
        text = (Value as ConfigText)?.Text;
        if (text is null)
            FailType(wanted, remedy);
        else if (text.Contains('\0', StringComparison.Ordinal))
            Fail("has a NUL character.", "Remove it.");
        else
            return true;
        text = null;
        return false;
    }
}

/// <summary>Reads a value; on false it has said why, and the value means nothing.</summary>
internal delegate bool FieldParser<T>(Field field, out T value);
