using Microsoft.CodeAnalysis.CSharp;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// Names that mean something without being written anywhere in the code: the language binds them by itself, or a framework, or the node, looks for them in types that it is given. A
/// member with such a name may change what other code does.
/// </summary>
internal static class LookedUpNames
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        // foreach, await foreach, using, lock, await
        "GetEnumerator", "MoveNext", "Current", "GetAsyncEnumerator", "MoveNextAsync", "Dispose", "DisposeAsync", "EnterScope", "GetAwaiter", "IsCompleted", "OnCompleted", "UnsafeOnCompleted", "GetResult",
        // collection initializers and expressions, ranges, list and positional patterns, fixed
        "Add", "AddRange", "Slice", "Length", "Count", "Deconstruct", "GetPinnableReference", "ToArray", "AsSpan", "CopyTo",
        // queries
        "Select", "SelectMany", "Where", "Join", "GroupJoin", "LeftJoin", "RightJoin", "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending", "GroupBy", "Cast", "AsQueryable",
        // delegates, builders of tasks and of interpolated strings
        "Invoke", "BeginInvoke", "EndInvoke", "Create", "Start", "SetResult", "SetException", "SetStateMachine", "AwaitOnCompleted", "AwaitUnsafeOnCompleted", "ToStringAndClear",
        // what every object and record has, or has made for it
        "Equals", "GetHashCode", "ToString", "GetType", "MemberwiseClone", "ReferenceEquals", "Finalize", "PrintMembers", "Clone", "EqualityContract", "Compare", "CompareTo",
        // found in types by frameworks
        "Main", "Parse", "TryParse", "BindAsync", "PopulateMetadata", "InvokeAsync", "CreateHostBuilder", "CreateWebHostBuilder", "BuildWebHost", "GetObjectData", "GetSchema", "ClearCache", "UpdateApplication", "UpdateContent",
        // found in types by the node
        "Upgrade", "Downgrade", "CodeChange",
    };

    private static readonly string[] Beginnings = ["get_", "set_", "add_", "remove_", "raise_", "op_", "Append", "Configure", "ShouldSerialize", "Reset"];

    public static bool Has(string name) => Names.Contains(name)
        || Beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal))
        || SyntaxFacts.GetKeywordKind(name) is not SyntaxKind.None
        || SyntaxFacts.GetContextualKeywordKind(name) is not SyntaxKind.None;
}
