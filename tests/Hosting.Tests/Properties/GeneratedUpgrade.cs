namespace WatchReload.Hosting.Tests.Properties;

/// <summary>What an old type declares of the ways to the new one and back.</summary>
internal enum UpgradeWay
{
    /// <summary>An <c>Upgrade</c>; back by shape.</summary>
    Forward = 1,

    /// <summary>An <c>Upgrade</c> and a <c>Downgrade</c>.</summary>
    BothWays,

    /// <summary>Two of each: over a shape that was between the two.</summary>
    Chain,
}

/// <summary>
/// A record of two versions that becomes the new one by an <c>Upgrade</c>. That it ran is seen by what the members of one version alone have, which is not their default; and where there
/// is a <c>Downgrade</c>, a number, <c>Code</c>, becomes a text of it and comes back: without both the plan would be refused. While <c>Weather.Fails</c> is set the <c>Upgrade</c> of one with a
/// <see cref="Trail"/> empties that, and throws.
/// </summary>
internal sealed class GeneratedUpgrade
{
    private const string ToText = "Code.ToString(System.Globalization.CultureInfo.InvariantCulture)";
    private const string ToNumber = "int.Parse(now.Code, System.Globalization.CultureInfo.InvariantCulture)";
    private readonly string _fails;
    private readonly bool _keepsAll;
    private readonly List<GeneratedMember> _members;

    /// <summary>A list that no other member can hold.</summary>
    public static readonly GeneratedMember Trail = new(nameof(Trail), "List<sbyte>", "List<sbyte>", IsRenamed: false);

    /// <summary>Declares the switch, in the second version.</summary>
    public const string Weather = "public static class Weather { public static bool Fails; }";

    /// <param name="what">The kind of type.</param>
    /// <param name="name">Its name in both versions.</param>
    /// <param name="bases">What it derives from in both.</param>
    /// <param name="way">Which functions it has.</param>
    /// <param name="members">That can be cast.</param>
    /// <param name="keepsAll">Whether nothing is removed.</param>
    /// <param name="shuffled">The members in the order of the new version.</param>
    public GeneratedUpgrade(string what, string name, string bases, UpgradeWay way, List<GeneratedMember> members, bool keepsAll, List<GeneratedMember> shuffled)
    {
        (_members, _keepsAll) = (members, keepsAll);
        _fails = members.Contains(Trail) ? "if (Weather.Fails) { old.Trail.Clear(); throw new InvalidOperationException(\"bad weather\"); } " : "";
        var back = way != UpgradeWay.Forward;
        var chain = way == UpgradeWay.Chain;
        var first = Parameters([.. members.Select(m => $"{m.Before} {m.Name}")], back ? "int Code" : "", keepsAll ? "" : "int Gone = 5");
        var second = Parameters([.. shuffled.Select(m => $"{m.Former}{m.After} {m.NewName}")], back ? $"{(chain ? "decimal" : "string")} Code" : "", "int Added = 5");
        var (old, between) = ($"{name}V1", chain ? $"{name}V2" : $"{name}V1");
        var functions = back ? $"IUpgrade<{between}, {name}>, IDowngrade<{name}, {between}>" : $"IUpgrade<{between}, {name}>";

        Gone = back ? 8 : 5;
        Added = chain ? 42 : 6;
        Before = $"public {what} {name}({first}){bases};";
        After = $$"""
            public {{what}} {{old}}({{first}});
            {{(chain ? Between(what, old, between) : "")}}
            public {{what}} {{name}}({{second}}){{(bases.Length == 0 ? " : " : bases + ", ")}}{{functions}}
            {
                public static {{name}} Upgrade({{between}} old) { {{_fails}}return new({{Parameters(New, !back ? "" : $"Code: {(chain ? "decimal.Parse(old.Code, System.Globalization.CultureInfo.InvariantCulture)" : "old." + ToText)}", $"Added: {(chain ? "old.Between + 2" : "6")}")}}); }
                {{(back ? $"public static {between} Downgrade({name} now) => new({Parameters(Old, $"Code: {(chain ? "now." + ToText : ToNumber)}", chain ? "Between: 7" : Lost("8"))});" : "")}}
            }
            """;
    }

    public string Before { get; }

    public string After { get; }

    /// <summary>What those have as <c>Gone</c> that come back.</summary>
    public int Gone { get; }

    /// <summary>What those have as <c>Added</c> that are carried over.</summary>
    public int Added { get; }

    private string[] New => [.. _members.Select(m => $"{m.NewName}: old.{m.Name}")];

    private string[] Old => [.. _members.Select(m => $"{m.Name}: ({m.Before})now.{m.NewName}!")];

    /// <summary>The shape between the two, with the first one's members.</summary>
    private string Between(string what, string old, string name) => $$"""
        public {{what}} {{name}}({{Parameters([.. _members.Select(m => $"{m.Before} {m.Name}")], "string Code", "int Between")}}) : IUpgrade<{{old}}, {{name}}>, IDowngrade<{{name}}, {{old}}>
        {
            public static {{name}} Upgrade({{old}} old) { {{_fails}}return new({{Parameters([.. _members.Select(m => $"{m.Name}: old.{m.Name}")], $"Code: old.{ToText}", "Between: 40")}}); }
            public static {{old}} Downgrade({{name}} now) => new({{Parameters([.. _members.Select(m => $"{m.Name}: now.{m.Name}")], $"Code: {ToNumber}", Lost("now.Between + 1"))}});
        }
        """;

    private string Lost(string value) => _keepsAll ? "" : $"Gone: {value}";

    private static string Parameters(string[] members, params string[] more) => string.Join(", ", [.. members, .. more.Where(one => one.Length > 0)]);
}
