using System.Globalization;

namespace WatchReload.Daemon.Configuration;

/// <summary>Settings of one value.</summary>
internal static class ScalarFields
{
    public static string? Text(this Section section, string name, string? fallback, Func<string, bool> valid, string remedy, bool hostOnly = false) =>
        section.Read(new KnownKey(name, "text", fallback ?? "null", hostOnly), fallback, (Field field, out string? value) =>
        {
            if (!field.TryText(out value))
                return false;
            if (!valid(value))
                field.Fail($"is {Shown.Text(value)}.", remedy);
            return valid(value);
        });

    /// <summary>Absolute; what is written starts at the directory of its file, or at the working directory.</summary>
    public static string? Path(this Section section, string name, bool needed = false, bool hostOnly = false) =>
        section.Read(new KnownKey(name, "path", needed ? KnownKey.Needed : "null", hostOnly), null, (Field field, out string? path) =>
        {
            if (!field.TryText(out path, "a path"))
                return false;
            if (string.IsNullOrWhiteSpace(path))
                field.Fail("is empty.", "Name a path, or leave it out.");
            else
                path = System.IO.Path.GetFullPath(path, field.Layer.Directory);
            return !string.IsNullOrWhiteSpace(path);
        });

    public static int Integer(this Section section, string name, int fallback, int least, int most) =>
        section.Read(new KnownKey(name, "integer", fallback.ToString(CultureInfo.InvariantCulture)), fallback, (Field field, out int value) =>
        {
            value = 0;
            var range = $"Choose a whole number from {least} to {most}.";
            var digits = field.Value switch
            {
                ConfigNumber number => number.Digits,
                ConfigText { Untyped: true } text => text.Text,
                _ => null,
            };
            if (digits is null)
            {
                field.FailType("a number", range);
                return false;
            }

            if (int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most)
                return true;
            field.Fail($"is {digits}, out of range.", range);
            return false;
        });

    public static TimeSpan Duration(this Section section, string name, TimeSpan fallback, TimeSpan least, TimeSpan most, bool hostOnly = false) =>
        section.Read(new KnownKey(name, "duration", Quantity.Show(fallback), hostOnly), fallback, (Field field, out TimeSpan value) =>
        {
            const string remedy = "Write a number and its unit in quotes, such as \"8ms\", \"2s\", \"1m\", \"1h\".";
            return Quantified(field, "a duration", remedy, Quantity.TryDuration, least, most, Quantity.Show, out value);
        });

    /// <summary>In bytes.</summary>
    public static long Size(this Section section, string name, long fallback, long least, long most) =>
        section.Read(new KnownKey(name, "size", Quantity.Show(fallback)), fallback, (Field field, out long value) =>
        {
            const string remedy = "Write a number and its unit in quotes, such as \"512MB\" or \"2GB\".";
            return Quantified(field, "a size", remedy, Quantity.TrySize, least, most, Quantity.Show, out value);
        });

    /// <param name="choices">In the order in which messages name them.</param>
    public static T Choice<T>(this Section section, string name, T fallback, params T[] choices)
        where T : struct, Enum => section.Choice(name, fallback, choices, hostOnly: false);

    public static T Choice<T>(this Section section, string name, T fallback, T[] choices, bool hostOnly)
        where T : struct, Enum
    {
        var names = Array.ConvertAll(choices, choice => choice.ToString().ToLowerInvariant());
        var key = new KnownKey(name, "choice", fallback.ToString().ToLowerInvariant(), hostOnly) { Choices = names };
        return section.Read(key, fallback, (Field field, out T value) =>
        {
            value = default;
            var remedy = $"Choose {string.Join(", ", names[..^1].Select(known => $"\"{known}\""))} or \"{names[^1]}\".";
            if (!field.TryText(out var text, "one of the words", remedy))
                return false;
            var index = Array.IndexOf(names, field.IsUntyped ? text.ToLowerInvariant() : text);
            if (index < 0)
                field.Fail($"is {Shown.Text(text)}.", Nearest.To(text, names) is { } near ? $"Did you mean \"{near}\"? {remedy}" : remedy);
            else
                value = choices[index];
            return index >= 0;
        });
    }

    private delegate bool TryQuantity<T>(string text, out T value);

    private static bool Quantified<T>(Field field, string wanted, string remedy, TryQuantity<T> parse, T least, T most, Func<T, string> show, out T value)
        where T : struct, IComparable<T>
    {
        value = default;
        if (!field.TryText(out var text, wanted, remedy))
            return false;
        if (!parse(text, out value))
            field.Fail($"is {Shown.Text(text)}, which is not {wanted}.", remedy);
        else if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            field.Fail($"is {Shown.Text(text)}, out of range.", $"Choose {show(least)} to {show(most)}.");
        else
            return true;
        return false;
    }
}
