using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

/// <summary>
/// A code block of docs/upgrading.md: versions of the code under <c>// v1</c>, <c>// v2</c>, … and then what a reload does, a line each:
/// <code>
/// // x -> y           an object of the first version, and what it becomes in the last; v2: in front: of that version
/// // x &lt;- y           of the last version, and what it becomes on the way back to the first
/// // fails: x: text   carrying x over ends with that message
/// // refused: text    also: warning, removed, lossy (why), not state, reversible
/// // refused back: text   fails and refused are also told of the way back
/// </code>
/// In front of them types of an assembly that does not change may stand under <c>// contracts</c>. What is planned is <c>State</c>; without one, the first type of the version.
/// </summary>
internal sealed partial class DocumentedExample
{
    private const string Usings = "using System.Collections; using System.Collections.Concurrent; using System.Collections.Frozen; using System.Collections.Immutable; using System.IO; using System.Text; using System.Text.Json.Nodes;\n";

    private static readonly JsonSerializerOptions Shown = new() { IncludeFields = true, ReferenceHandler = ReferenceHandler.Preserve, Converters = { new JsonStringEnumConverter() } };

    private const string Contracts = "contracts";

    private readonly List<(string Name, string Source)> _versions = [];
    private readonly List<Claim> _claims = [];
    private readonly Dictionary<string, CodeVersion> _loaded = [];
    private CodeVersion[] _contracts = [];

    public DocumentedExample(string block)
    {
        var code = new List<string>();
        foreach (var line in block.Split('\n'))
        {
            if (VersionLine().Match(line) is { Success: true } version)
            {
                _versions.Add((version.Groups[1].Value, ""));
                code.Clear();
            }
            else if (ClaimLine().Match(line) is { Success: true } claim)
            {
                _claims.Add(Claim.Of(claim.Groups[1].Value, _versions.First(version => version.Name != Contracts).Name, _versions[^1].Name));
                continue;
            }
            else
            {
                code.Add(line);
            }

            _versions[^1] = (_versions[^1].Name, string.Join('\n', code));
        }
    }

    public static bool Is(string block) => block.StartsWith("// v1\n", StringComparison.Ordinal) || block.StartsWith($"// {Contracts}\n", StringComparison.Ordinal);

    /// <summary>Fails with the first line that is not true.</summary>
    public void Check()
    {
        Assert.NotEmpty(_claims);
        foreach (var (name, source) in _versions)
        {
            if (name == Contracts) _contracts = [CodeVersion.Named("Contracts", Usings + source)];
            else _loaded.Add(name, CodeVersion.Of($"{Usings}{source}\nstatic class Test {{ {Functions(name)} }}", _contracts));
        }

        foreach (var claim in _claims) Check(claim);
    }

    private void Check(Claim claim)
    {
        var change = new Change(_loaded[claim.From], _loaded[claim.To], claim.IsBack ? MappingDirection.Rollback : MappingDirection.Forward, _contracts);
        var root = change.Old.Assembly.GetType("State") ?? change.Old.Assembly.GetTypes().First(type => type.IsPublic);
        var plan = change.Set.Plan([root]);
        switch (claim.Kind)
        {
            case "->" or "<-":
                Assert.Equal([], plan.Problems);
                Assert.Equal(Show(change.New.Call(claim.Expected)!), Show(change.Set.Map(change.Old.Call(claim.Made)!)));
                break;
            case "fails":
                Assert.Equal([], plan.Problems);
                Assert.Contains(claim.Text, Assert.Throws<MappingException>(() => change.Set.Map(change.Old.Call(claim.Made)!)).Message, StringComparison.Ordinal);
                break;
            case "refused":
                Assert.Contains(claim.Text, plan.Problems);
                break;
            case "warning":
                Assert.Contains(claim.Text, plan.Warnings);
                break;
            case "removed":
                Assert.Contains(claim.Text, plan.Removed);
                break;
            case "lossy":
                Assert.Contains(claim.Text, plan.Losses);
                break;
            case "reversible":
                Assert.Equal(claim.Text, plan.Reversible.ToString().ToLowerInvariant());
                break;
            default:
                Assert.Contains(claim.Text, StatePlainDataCheck.Problems(root));
                break;
        }
    }

    private string Functions(string version) => string.Concat(_claims.SelectMany(claim => new[] { (claim.From, claim.Made, claim.Object), (claim.To, claim.Expected, Object: claim.Text) }
        .Where(f => f.Item1 == version && f.Item2.Length > 0)
        .Select(f => $"public static object {f.Item2}() => {f.Object};\n")));

    private static string Show(object value) => value.GetType().FullName + JsonSerializer.Serialize(value, value.GetType(), Shown);

    [GeneratedRegex(@"^// (v\d|contracts)$")]
    private static partial Regex VersionLine();

    [GeneratedRegex("^// ((?:v\\d: )?(?:.+ -> .+|.+ <- .+|(?:refused|warning|removed|lossy|not state|reversible|fails)(?: back)?: .+))$")]
    private static partial Regex ClaimLine();

    private sealed partial record Claim(string Kind, string From, string To, string Made, string Expected, string Object, string Text, bool IsBack)
    {
        private static int s_last;

        public static Claim Of(string line, string first, string last)
        {
            if (OfVersion().Match(line) is { Success: true } prefix) return Of(prefix.Groups[2].Value, prefix.Groups[1].Value, last);
            var number = Interlocked.Increment(ref s_last);
            if (Told().Match(line) is { Success: true } text)
            {
                var back = text.Groups[2].Success;
                var (from, to) = back ? (last, first) : (first, last);
                var what = text.Groups[3].Value;
                if (text.Groups[1].Value != "fails") return new(text.Groups[1].Value, from, to, "", "", "", what, back);
                var at = what.IndexOf(": ", StringComparison.Ordinal);
                return new("fails", from, to, $"Make{number}", "", what[..at], what[(at + 2)..], back);
            }

            var (kind, isBack) = line.Contains(" <- ", StringComparison.Ordinal) ? ("<-", true) : ("->", false);
            var sides = line.Split($" {kind} ");
            return isBack
                ? new(kind, last, first, $"Make{number}", $"Expect{number}", sides[1], sides[0], IsBack: true)
                : new(kind, first, last, $"Make{number}", $"Expect{number}", sides[0], sides[1], IsBack: false);
        }

        [GeneratedRegex(@"^(v\d): (.*)$")]
        private static partial Regex OfVersion();

        [GeneratedRegex("^(refused|warning|removed|lossy|not state|reversible|fails)( back)?: (.*)$")]
        private static partial Regex Told();
    }
}
