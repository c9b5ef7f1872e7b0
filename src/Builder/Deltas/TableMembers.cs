using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Builder.Deltas;

/// <summary>What may be called on what a static holds, and with it, without a change to it. By names: what the service itself calls so is not known.</summary>
internal static class TableMembers
{
    /// <summary>Called on the array itself.</summary>
    private static readonly HashSet<string> ArrayWriters = new(StringComparer.Ordinal) { "SetValue", "AsSpan", "AsMemory", "Initialize", "Reverse", "Sort", "Fill", "Clear", "Shuffle", "Replace", "Swap" };

    /// <summary>Members of the type, which nothing else can be taken for.</summary>
    private static readonly HashSet<string> CollectionProperties = new(StringComparer.Ordinal) { "Count", "Keys", "Values", "Comparer", "Min", "Max" };

    /// <summary>Of what returns the collection itself, as <c>AsEnumerable</c> does, or a part that writes through, as <c>GetViewBetween</c>, nothing is among these.</summary>
    private static readonly HashSet<string> CollectionReaders = new(StringComparer.Ordinal)
    {
        "ContainsKey", "ContainsValue", "TryGetValue", "GetValueOrDefault", "Contains", "IndexOf", "LastIndexOf", "BinarySearch", "Exists", "Find", "FindAll", "FindIndex", "FindLast", "FindLastIndex", "TrueForAll", "ConvertAll", "GetRange", "CopyTo",
        "ForEach", "AsReadOnly", "GetEnumerator", "Equals", "GetHashCode", "ToString", "IsSubsetOf", "IsSupersetOf", "IsProperSubsetOf", "IsProperSupersetOf", "Overlaps", "SetEquals",
        "Aggregate", "AggregateBy", "All", "Any", "Append", "Average", "Chunk", "Concat", "Count", "CountBy", "Distinct", "DistinctBy", "ElementAt", "ElementAtOrDefault", "Except", "ExceptBy", "First", "FirstOrDefault", "GroupBy", "GroupJoin", "Index",
        "Intersect", "IntersectBy", "Join", "Last", "LastOrDefault", "LeftJoin", "LongCount", "Max", "MaxBy", "Min", "MinBy", "Order", "OrderBy", "OrderByDescending", "OrderDescending", "Prepend", "RightJoin", "Select", "SelectMany", "SequenceEqual",
        "Single", "SingleOrDefault", "Skip", "SkipLast", "SkipWhile", "Sum", "Take", "TakeLast", "TakeWhile", "ToArray", "ToDictionary", "ToFrozenDictionary", "ToFrozenSet", "ToHashSet", "ToImmutableArray", "ToImmutableDictionary", "ToImmutableHashSet",
        "ToImmutableList", "ToImmutableSortedDictionary", "ToImmutableSortedSet", "ToList", "ToLookup", "TryGetNonEnumeratedCount", "Union", "UnionBy", "Where", "Zip",
    };

    /// <summary>Of what holds more that can be set, as <c>Converters</c> or <c>NumberFormat</c>, nothing is among these.</summary>
    private static readonly HashSet<string> SettingsReaders = new(StringComparer.Ordinal)
    {
        "Name", "LCID", "DisplayName", "EnglishName", "NativeName", "TwoLetterISOLanguageName", "ThreeLetterISOLanguageName", "IetfLanguageTag", "IsNeutralCulture", "IsReadOnly", "CompareInfo", "Equals", "GetHashCode", "ToString",
        "GetTypeInfo", "TryGetTypeInfo", "GetConverter", "PropertyNamingPolicy", "PropertyNameCaseInsensitive", "WriteIndented", "DefaultIgnoreCondition", "MaxDepth", "NumberHandling", "Encoder",
        "Port", "AddressFamily", "GetAddressBytes", "TryWriteBytes", "TryFormat", "IsIPv4MappedToIPv6", "IsIPv6LinkLocal", "IsIPv6Multicast",
        "NumberDecimalSeparator", "NumberGroupSeparator", "NumberDecimalDigits", "CurrencySymbol", "CurrencyDecimalSeparator", "CurrencyGroupSeparator", "CurrencyDecimalDigits", "PercentSymbol", "NegativeSign", "PositiveSign",
    };

    /// <summary>Called with what is enumerated.</summary>
    private static readonly HashSet<string> Readers = new(StringComparer.Ordinal)
    {
        "nameof", "Join", "Concat", "Split", "Trim", "TrimStart", "TrimEnd", "StartsWith", "EndsWith", "IndexOf", "LastIndexOf", "IndexOfAny", "LastIndexOfAny", "Contains", "ContainsAny", "ContainsAnyExcept", "BinarySearch", "Exists",
        "Find", "FindAll", "FindIndex", "FindLast", "TrueForAll", "ConvertAll", "SequenceEqual", "Equals", "AddRange", "UnionWith", "IntersectWith", "ExceptWith", "IsSubsetOf", "IsSupersetOf", "Overlaps",
        "GetItems", "Zip", "Except", "Union", "Intersect", "WriteLine", "AppendJoin", "AppendLine", "GetString", "Format", "HashData", "ToHexString", "ToHexStringLower", "ToBase64String",
        "HashSet", "List", "SortedSet", "Queue", "Stack", "Dictionary", "ReadOnlyCollection", "ReadOnlyMemory", "ReadOnlySpan", "ReadOnlySequence",
    };

    /// <summary>Called with bytes or characters; somebody may be given another object by these.</summary>
    private static readonly HashSet<string> ArrayReaders = new(StringComparer.Ordinal) { "Write", "WriteAsync", "Send", "SendAsync", "SendTo", "Append" };

    /// <summary>Called with what says how to go about it.</summary>
    private static readonly HashSet<string> SettingsTakers = new(StringComparer.Ordinal)
    {
        "nameof", "Serialize", "SerializeAsync", "SerializeToUtf8Bytes", "SerializeToElement", "SerializeToNode", "SerializeToDocument", "Deserialize", "DeserializeAsync", "DeserializeAsyncEnumerable", "JsonSerializerOptions",
        "ReadFromJsonAsync", "GetFromJsonAsync", "PostAsJsonAsync", "PutAsJsonAsync", "PatchAsJsonAsync", "DeleteFromJsonAsync", "WriteAsJsonAsync", "Json", "Create",
        "ToString", "TryFormat", "Format", "AppendFormat", "Parse", "ParseExact", "TryParse", "TryParseExact", "Compare", "StartsWith", "EndsWith", "ToUpper", "ToLower", "ToDecimal", "ToDouble", "ToInt32", "ToInt64", "ToDateTime", "ChangeType",
        "Listen", "Connect", "ConnectAsync", "SendTo", "SendToAsync", "IsLoopback", "Equals",
    };

    /// <summary>Types whose statics are called by the names of <see cref="SettingsTakers"/>, whatever the service calls so.</summary>
    private static readonly HashSet<string> Platform = new(StringComparer.Ordinal) { "JsonSerializer", "JsonContent", "Results", "TypedResults", "DateTime", "DateTimeOffset", "DateOnly", "TimeOnly", "TimeSpan", "Convert", "String", "IPAddress" };

    public static bool Reads(MemberAccessExpressionSyntax asked, TableKind kind, Func<string, bool> isOwn)
    {
        var name = asked.Name.Identifier.ValueText;
        return kind switch
        {
            TableKind.Array => !ArrayWriters.Contains(name) && !isOwn(name),
            TableKind.Collection when asked.Parent is not InvocationExpressionSyntax && CollectionProperties.Contains(name) => true,
            TableKind.Collection => CollectionReaders.Contains(name) && !isOwn(name),
            _ => SettingsReaders.Contains(name),
        };
    }

    /// <summary>Whether what is called only reads what it is given.</summary>
    public static bool ReadsGiven(SyntaxNode call, TableKind kind, Func<string, bool> isOwn) => Called(call) is { } name && kind switch
    {
        TableKind.Settings => SettingsTakers.Contains(name) && (IsOfPlatform(call, isOwn) || !isOwn(name)),
        _ => (Readers.Contains(name) || kind is TableKind.Array && ArrayReaders.Contains(name)) && !isOwn(name),
    };

    private static bool IsOfPlatform(SyntaxNode call, Func<string, bool> isOwn) => call is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var on } }
        && (on is PredefinedTypeSyntax || on is IdentifierNameSyntax { Identifier.ValueText: var type } && Platform.Contains(type) && !isOwn(type));

    private static string? Called(SyntaxNode call) => call switch
    {
        InvocationExpressionSyntax { Expression: SimpleNameSyntax { Identifier.ValueText: "nameof" } name } => name.Identifier.ValueText, // another may be a local function, or a delegate
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Name.Identifier.ValueText,
        ObjectCreationExpressionSyntax { Type: SimpleNameSyntax name } => name.Identifier.ValueText,
        ObjectCreationExpressionSyntax { Type: QualifiedNameSyntax name } => name.Right.Identifier.ValueText,
        _ => null,
    };
}
