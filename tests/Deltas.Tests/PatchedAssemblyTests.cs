using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Hosting.Loading;

namespace WatchReload.Deltas.Tests;

/// <summary>Whatever the bodies become, and whatever methods and types are added, in whatever order: what has been patched answers as what is loaded afresh from the same source. What is more than that goes by a load, or has the effect of one.</summary>
public sealed class PatchedAssemblyTests
{
    private static readonly string[] Access = ["public", "private", "internal"];

    private static readonly string[] Parameters = ["int n", "int n, int more = 3", "int n, string? text = \"x\", params (int A, string? B)[] more", "int n, dynamic? any = null, nint? at = null"];

    /// <summary>The members that have bodies from the beginning: each kind that there is.</summary>
    private static readonly Shape[] Shapes =
    [
        new Method(0),
        new Method(1),
        new Method(2),
        new Method(3),
        new("method of the type", (name, body) => $"public static object {name}(int n) {{ {EditedBodies.Static(body)} }}", (edited, name, n) => Call(edited, name, n)),
        new("async method", (name, body) => $"public async Task<object> {name}(int n) {{ await Task.Yield(); {body} }}", (edited, name, n) => ((Task<object>)Call(edited, name, n)!).GetAwaiter().GetResult()),
        new("iterator", (name, body) => $"public IEnumerable<object> {name}(int n) {{ yield return n; for (var i = 0; i < 2; i++) {{ yield return Of(); }} object Of() {{ {body} }} }}", (edited, name, n) => string.Join(' ', (IEnumerable<object>)Call(edited, name, n)!)),
        new("async iterator", (name, body) => $"public async IAsyncEnumerable<object> {name}(int n) {{ yield return n; await Task.Yield(); yield return Of(); object Of() {{ {body} }} }}", (edited, name, n) => string.Join(' ', ((IAsyncEnumerable<object>)Call(edited, name, n)!).ToBlockingEnumerable())),
        new("lambda", (name, body) => $"public object {name}(int n) => ((Func<int, object>)(more => {{ {body} }}))(n);", (edited, name, n) => Call(edited, name, n)),
        new("getter", (name, body) => $"public object {name} {{ get {{ var n = At; {body} }} }}", Get),
        new("property without braces", (name, body) => $"public object {name} => ((Func<int, object>)(n => {{ {body} }}))(At);", Get),
        new("setter", (name, body) => $"public object {name} {{ get => _set; set {{ var n = At; _set = Of(); object Of() {{ {body} }} }} }}", (edited, name, n) => { At(edited, n).GetType().GetProperty(name)!.SetValue(edited, 0); return Get(edited, name, n); }),
        new("indexer", (_, body) => $"public object this[int n] {{ get {{ {body} }} }}", (edited, _, n) => Call(edited, "get_Item", n)),
        new("event", (name, body) => $"public event Action {name} {{ add {{ var n = At; _set = Of(); object Of() {{ {body} }} }} remove {{ }} }}", (edited, name, n) => { At(edited, n).GetType().GetEvent(name)!.AddEventHandler(edited, () => { }); return edited.GetType().GetField("_set", All)!.GetValue(edited); }),
        new("operator", (_, body) => $"public static object operator +(Edited self, int n) {{ {EditedBodies.Static(body)} }}", (edited, _, n) => Call(edited, "op_Addition", edited, n)),
        new("explicit implementation", (_, body) => $"object IAnswer.Answer(int n) {{ {body} }}", (edited, _, n) => edited.GetType().GetInterface("IAnswer")!.GetMethod("Answer")!.Invoke(edited, [n])),
    ];

    /// <summary>What is more than bodies and added methods, or may be; the number varies.</summary>
    private static readonly Func<int, string>[] More =
    [
        k => $"public const int Constant = {k}; public object Constant_(int n) => n + Constant;",
        k => $"public static readonly int Seed = {k}; public object Seed_(int n) => n + Seed;",
        k => $"private int _seed = {k}; public object Field_(int n) => n + _seed++;",
        k => $"public object Default_(int n, int more = {k}) => n + more;",
        k => $"public object Lines_(int n) {{ return n; }}{new string('\n', k)} public object Line_(int n) => Tell(); private static int Tell([System.Runtime.CompilerServices.CallerLineNumber] int line = 0) => line;",
        k => k % 2 == 0 ? $"public object Sequence_(int n) => string.Join(' ', Of(n)); private static IEnumerable<int> Of(int n) {{ return [n, {k}]; }}" : $"public object Sequence_(int n) => string.Join(' ', Of(n)); private static IEnumerable<int> Of(int n) {{ yield return n; yield return {k}; }}",
        k => $"public Edited() {{ _built = {k}; }} private readonly int _built; public object Built_(int n) => n + _built;",
        k => $"public object Generic_(int n) => Of<string>(n); private static int Of<T>(int n) => n + {k};",
        k => $"public object Local_(int n) {{ return Of(n); T Of<T>(T of) {{ var k = {k}; return k > 4 ? of : default!; }} }}",
        k => $"public object Kept_ {{ get {{ return {(k % 2 == 0 ? "field ??= At" : $"At + {k}")}; }} set {{ field = value; }} }}",
        k => $"public enum Level {{ Low = {k}, High }} public object Level_(int n) => Level.High + \"\" + (int)Level.Low + n;",
        k => $"public object Signature_({(k % 2 == 0 ? "int" : "long")} n) => n + {k};",
        k => $"public struct Pair {{ public int A; {(k % 2 == 0 ? "" : "public int B;")} }} public object Size_(int n) => System.Runtime.CompilerServices.Unsafe.SizeOf<Pair>() + n;",
        k => $"[System.ComponentModel.Description(\"{k}\")] public object Told_(int n) => n;",
        k => $"public object Data_(int n) => new Data(n, \"of \" + {k}).ToString();",
    ];

    /// <summary>That among <see cref="Kinds"/> which a node may refuse, as it can stand where the code has something: nothing that runs is touched for it.</summary>
    private const int Implements = 3;

    /// <summary>Kinds of types that come: from the name and a body their declarations, and how they are used.</summary>
    private static readonly (Func<string, string, string> Declare, Func<string, string> Use, bool Loads)[] Kinds =
    [
        ((name, body) => $"public sealed class {name} {{ public object Of(int n) {{ {body} }} }}", name => $"new {name}().Of(n)", false),
        ((name, body) => $"public record {name}(int N, string S = \"x\") {{ public List<int> Kept {{ get; init; }} = [1]; public object Of(int n) {{ {body} }} }}", name => $"(new {name}(n) with {{ N = 3 }}) + \" \" + new {name}(n).Of(n)", false),
        ((name, body) => $"public struct {name} {{ public int A; public object Of(int n) {{ A = n; {body} }} }}", name => $"new {name}().Of(n)", false),
        ((name, body) => $"public interface I{name} {{ object Of(int n) => n; }} public sealed class {name} : I{name}, IAnswer {{ public object Answer(int n) {{ {body} }} }}", name => $"((I{name})new {name}()).Of(n) + \" \" + ((IAnswer)new {name}()).Answer(n)", false),
        ((name, body) => $"public static class {name} {{ public static object Of{name}(this int n) {{ {body} }} }}", name => $"n.Of{name}()", false),
        ((name, body) => $"public delegate object D{name}(int n); public static class {name} {{ internal static class In {{ public static object Of(int n) {{ {body} }} }} }}", name => $"((D{name}){name}.In.Of)(n)", false),
        ((name, body) => $"public abstract class B{name} {{ protected virtual object One(int n) {{ return n; }} public abstract object Of(int n); }} public class {name} : B{name} {{ public override object Of(int n) {{ _ = One(n); {body} }} }}", name => $"((B{name})new {name}()).Of(n)", false),
        ((name, body) => $"public enum E{name} {{ Low = 3, High }} public class {name} {{ public object Of(int n) {{ {body} }} }}", name => $"E{name}.High + \" \" + (int)E{name}.Low + new {name}().Of(n)", true),
        ((name, body) => $"public class {name}<T> {{ public object Of(int n) {{ {body} }} }}", name => $"new {name}<int>().Of(n)", true),
    ];

    private static readonly BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact(Timeout = 600_000)]
    public void Patched_assembly_answers_as_one_that_is_loaded_afresh_when_bodies_are_edited_and_methods_added_at_random()
    {
        Assert.True(MetadataUpdater.IsSupported, "The tests' process was not started with DOTNET_MODIFIABLE_ASSEMBLIES=debug (deltas.runsettings).");
        var body = Gen.Choose(0, EditedBodies.All.Length - 1).Zip(Gen.Choose(0, 9), (which, number) => EditedBodies.All[which](number));
        var edits = Gen.Choose(0, 4 * Shapes.Length).Zip(body, (member, text) => (member, text)).Zip(Gen.Choose(0, 3), (edit, kind) => new Edit(edit.member, edit.text, Adds: kind == 0, null)).NonEmptyListOf().Select(list => list.Take(5).ToArray());
        Prop.ForAll(Arb.From(edits), edits => Holds(edits)).Check(Config.QuickThrowOnFailure.WithMaxTest(12).WithStartSize(5).WithEndSize(5));
    }

    /// <summary>Each kind of member, and each body in one of them.</summary>
    [Fact(Timeout = 600_000)]
    public void Patched_assembly_answers_as_one_that_is_loaded_afresh_when_each_kind_of_member_is_edited()
    {
        Assert.True(MetadataUpdater.IsSupported, "The tests' process was not started with DOTNET_MODIFIABLE_ASSEMBLIES=debug (deltas.runsettings).");
        Holds([.. Enumerable.Range(0, Math.Max(Shapes.Length, EditedBodies.All.Length)).Select(i => new Edit(i % Shapes.Length, EditedBodies.All[(i + 3) % EditedBodies.All.Length](i), Adds: false, null))]);
    }

    [Fact(Timeout = 600_000)]
    public void Edit_of_more_than_bodies_makes_the_type_anew_or_goes_by_a_load_and_has_the_effect_of_one()
    {
        Assert.True(MetadataUpdater.IsSupported, "The tests' process was not started with DOTNET_MODIFIABLE_ASSEMBLIES=debug (deltas.runsettings).");
        var (anew, loads) = Holds([.. Enumerable.Range(0, More.Length).SelectMany(i => (Edit[])[new(0, "", false, (i, 5)), new(i, EditedBodies.All[i % EditedBodies.All.Length](i), false, null)])]);
        Assert.Equal(More.Length, anew + loads);
        Assert.InRange(anew, More.Length / 2, More.Length);
        var body = Gen.Choose(0, EditedBodies.All.Length - 1).Zip(Gen.Choose(0, 9), (which, number) => EditedBodies.All[which](number));
        var more = Gen.Choose(0, More.Length - 1).Zip(Gen.Choose(0, 9), (which, number) => (which, number));
        var edits = Gen.Choose(0, Shapes.Length - 1).Zip(body, (member, text) => (member, text)).Zip(more, (edit, doubtful) => (edit, doubtful)).Zip(Gen.Choose(0, 1), (both, kind) => new Edit(both.edit.member, both.edit.text, false, kind == 0 ? both.doubtful : null)).NonEmptyListOf().Select(list => list.Take(5).ToArray());
        Prop.ForAll(Arb.From(edits), edits => { Holds(edits); }).Check(Config.QuickThrowOnFailure.WithMaxTest(6).WithStartSize(5).WithEndSize(5));
    }

    /// <summary>Types of each kind come, are edited, and come after others were made anew; then at random.</summary>
    [Fact(Timeout = 600_000)]
    public void Patched_assembly_answers_as_one_that_is_loaded_afresh_when_types_come_and_are_edited()
    {
        Assert.True(MetadataUpdater.IsSupported, "The tests' process was not started with DOTNET_MODIFIABLE_ASSEMBLIES=debug (deltas.runsettings).");
        Holds([.. Enumerable.Range(0, Kinds.Length).SelectMany(i => (Edit[])[Coming(i, i), Coming(i, i + 4, which: i), new(0, "", false, (2, i)), Coming(i, i + 9)])]);
        var types = Gen.Choose(0, Kinds.Length - 1).Zip(Gen.Choose(0, EditedBodies.All.Length - 1), (kind, body) => (kind, body)).Zip(Gen.Choose(0, 3), (type, which) => Coming(type.kind, type.body, which));
        var others = Gen.Choose(0, Shapes.Length - 1).Zip(Gen.Choose(0, More.Length - 1), (member, more) => member % 2 == 0 ? new Edit(member, EditedBodies.All[more % EditedBodies.All.Length](member), false, null) : new Edit(0, "", false, (more, member)));
        var edits = types.Zip(others, (type, other) => new[] { type, other }).NonEmptyListOf().Select(list => list.Take(3).SelectMany(both => both).ToArray());
        Prop.ForAll(Arb.From(edits), edits => { Holds(edits); }).Check(Config.QuickThrowOnFailure.WithMaxTest(8).WithStartSize(5).WithEndSize(5));

        static Edit Coming(int kind, int body, int? which = null) => new(0, EditedBodies.Static(EditedBodies.All[body % EditedBodies.All.Length](kind)), false, null) { Type = (which ?? int.MaxValue, kind) };
    }

    /// <summary>The texts are the same, and mean another thing.</summary>
    [Fact(Timeout = 60_000)]
    public void Patched_assembly_means_what_the_usings_of_the_file_say()
    {
        const string Source = "namespace One { public static class Says { public static string Text => \"one\"; } } namespace Two { public static class Says { public static string Text => \"two\"; } } namespace Within { using One; public static class Of { public static string Text() => Says.Text; } } public sealed class Edited { public string Text() => Within.Of.Text(); }";
        var compiled = CompiledAssembly.From("Patched", Source);
        var patched = Load(compiled);
        Assert.Equal("one", Call(Activator.CreateInstance(Newest(patched))!, "Text"));

        var result = new Difference(compiled).To(Source.Replace("using One;", "using Two;", StringComparison.Ordinal));
        Assert.Null(result.Doubt);
        MetadataUpdater.ApplyUpdate(patched, result.Delta!.Metadata, result.Delta.IL, result.Delta.Symbols);

        Assert.Equal("two", Call(Activator.CreateInstance(Newest(patched))!, "Text"));
    }

    /// <summary>That somebody has looked at its members before an addition changes nothing, as nobody has looked at those of a new type. Gives the numbers of edits for which types were made anew, and of those that went by a load.</summary>
    private static (int Anew, int Loads) Holds(Edit[] edits)
    {
        var members = Shapes.Select((shape, i) => (Shape: shape, Body: EditedBodies.All[i % EditedBodies.All.Length](i))).ToList();
        var more = new int[More.Length];
        var types = new List<(int Kind, string Body)>();
        var handlers = new UpdateHandlers(NullLogger.Instance, TimeProvider.System);
        var compiled = CompiledAssembly.From("Patched", Source(members, more, types));
        var difference = new Difference(compiled);
        var patched = Load(compiled);
        var (anew, loads) = (0, 0);
        Assert.Equal(Answers(Load(compiled), members), Answers(patched, members));
        foreach (var edit in edits)
        {
            var before = Source(members, more, types);
            var which = edit.Member % members.Count;
            var isApart = false;
            if (edit.Type is var (at, kind))
            {
                isApart = at >= types.Count && kind == Implements;
                if (at < types.Count) types[at] = types[at] with { Body = edit.Body };
                else types.Add((kind, edit.Body));
            }
            else if (edit.More is var (one, number))
                more[one] = number;
            else if (edit.Adds)
            {
                members[which] = members[which] with { Body = $"return {(members[which].Shape.IsStatic ? "new Edited()." : "")}{Name(members.Count)}(n) + \"!\";" };
                members.Add((new Method(members.Count), edit.Body));
            }
            else
                members[which] = members[which] with { Body = edit.Body };
            var source = Source(members, more, types);
            var result = difference.To(source);
            if (isApart)
                Assert.NotEqual(false, result.Delta?.Apart); // or it is loaded, where what uses it cannot be made anew
            else if (edit.Type is var (_, _) && !types.Exists(type => Kinds[type.Kind].Loads))
                Assert.Equal((source == before ? "no body is another" : null, source == before ? null : (bool?)false), (result.Doubt, result.Delta?.Apart));
            else if (edit is { More: null, Type: null })
                Assert.Equal((source == before ? "no body is another" : null, edit.Adds), (result.Doubt, result.AddsMethods));
            var fresh = CompiledAssembly.From("Patched", source);
            if (result.Delta is { } delta)
            {
                MetadataUpdater.ApplyUpdate(patched, delta.Metadata, delta.IL, delta.Symbols);
                handlers.Updated([Newest(patched)]);
                anew += delta.Apart ? 1 : 0;
            }
            else if (source != before)
            {
                (difference, patched) = (new Difference(fresh), Load(fresh));
                loads++;
            }

            Assert.Equal(Answers(Load(fresh), members), Answers(patched, members));
        }

        return (anew, loads);
    }

    private static string Source(List<(Shape Shape, string Body)> members, int[] more, List<(int Kind, string Body)> types) => $$"""
        public sealed record Data(int N, string S){{(more[^1] % 2 == 0 ? ";" : $" {{ public long More {{ get; init; }} = {more[^1]}; }}")}}
        public interface IAnswer { object Answer(int n); }
        public sealed class Edited : IAnswer
        {
            private object _set = 0;
            public int At { get; set; }
            public int Other => 7;
            public object Types_(int n) { return string.Join(" | ", new object?[] { {{string.Join(", ", types.Select((type, i) => Kinds[type.Kind].Use($"Come{i}")))}} }); }
            {{string.Join("\n    ", more.Select((number, i) => More[i](number)))}}
            {{string.Join("\n    ", members.Select((member, i) => member.Shape.Declare(Name(i), member.Body)))}}
        }
        {{string.Join('\n', types.Select((type, i) => Kinds[type.Kind].Declare($"Come{i}", type.Body)))}}
        """;

    /// <summary>A type that is made anew has a number behind its name.</summary>
    private static Type Newest(Assembly assembly) => assembly.GetTypes().Where(type => type.FullName == "Edited" || type.FullName!.StartsWith("Edited#", StringComparison.Ordinal) && !type.IsNested).MaxBy(type => type.MetadataToken)!;

    private static string Name(int member) => $"M{member}";

    private static Assembly Load(CompiledAssembly compiled)
    {
        using var image = new MemoryStream(compiled.Image);
        using var symbols = new MemoryStream(compiled.Symbols);
        return new AssemblyLoadContext("patched", isCollectible: false).LoadFromStream(image, symbols);
    }

    /// <summary>Of a new object; methods of the compiler's own have names that depend on the way.</summary>
    private static List<string> Answers(Assembly assembly, List<(Shape Shape, string Body)> members)
    {
        var type = Newest(assembly);
        var edited = Activator.CreateInstance(type)!;
        var more = type.GetMembers(All).Where(member => member is MethodInfo { IsSpecialName: false } or PropertyInfo && member.Name.EndsWith('_')).OrderBy(member => member.Name, StringComparer.Ordinal);
        return
        [
            .. from member in members.Select((member, i) => (member.Shape, Name: Name(i))) from n in Enumerable.Range(0, 8) select $"{member.Shape.Kind} {member.Name}({n}) = {member.Shape.Answer(edited, member.Name, n)}",
            .. from member in more from n in Enumerable.Range(0, 3) select $"{member.Name}({n}) = {(member is PropertyInfo ? Get(edited, member.Name, n) : Call(edited, member.Name, n))}",
            .. from member in more select $"{member.Name}: {member.GetCustomAttribute<System.ComponentModel.DescriptionAttribute>()?.Description}",
        ];
    }

    private static object? Call(object edited, string name, params object[] arguments)
    {
        var method = edited.GetType().GetMethod(name, All)!;
        var given = method.GetParameters().Zip(arguments, (parameter, argument) => parameter.ParameterType == typeof(long) ? Convert.ToInt64(argument, null) : argument);
        return method.Invoke(edited, [.. given, .. method.GetParameters().Skip(arguments.Length).Select(parameter => parameter.HasDefaultValue ? parameter.DefaultValue : null)]);
    }

    private static object? Get(object edited, string name, int n) => At(edited, n).GetType().GetProperty(name, All)!.GetValue(edited);

    private static object At(object edited, int n)
    {
        edited.GetType().GetProperty("At")!.SetValue(edited, n);
        return edited;
    }

    /// <param name="Member">Whose body becomes another.</param>
    /// <param name="Adds">It becomes a call of an added method that has the body.</param>
    /// <param name="More">In place of that: which of <see cref="PatchedAssemblyTests.More"/>, and its number.</param>
    private sealed record Edit(int Member, string Body, bool Adds, (int Which, int Number)? More)
    {
        /// <summary>In place of that: which of the types that have come gets the body, or a type of that kind comes with it.</summary>
        public (int Which, int Kind)? Type { get; init; }
    }

    /// <summary>A kind of member.</summary>
    /// <param name="Declare">From its name and its body.</param>
    /// <param name="Answer">Of an object, for a number.</param>
    private record Shape(string Kind, Func<string, string, string> Declare, Func<object, string, int, object?> Answer)
    {
        public bool IsStatic => Kind is "operator" or "method of the type";
    }

    private sealed record Method(int Number) : Shape(
        "method",
        (name, body) => $"{PatchedAssemblyTests.Access[Number % 3]} object {name}({Parameters[Number % 4]}) {{ {body} }}",
        (edited, name, n) => Call(edited, name, n));
}
