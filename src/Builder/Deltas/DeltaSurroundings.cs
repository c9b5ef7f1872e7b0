using Microsoft.CodeAnalysis;
using WatchReload.Builder.Outputs;

namespace WatchReload.Builder.Deltas;

/// <summary>What is around a project whose assembly is to take a delta.</summary>
/// <param name="Hot">Names of all assemblies that are made here and loaded with each version.</param>
/// <param name="IsReferenced">Other projects are compiled against it.</param>
/// <param name="Others">Texts of the other projects of these, with what generators made.</param>
/// <param name="Uses">Simple names of the assemblies that those projects use.</param>
internal sealed record DeltaSurroundings(IReadOnlySet<string> Hot, bool IsReferenced, Func<IEnumerable<SyntaxTree>> Others, Func<IEnumerable<string>> Uses)
{
    private static readonly SharedFrameworks Platform = new();

    /// <summary>Why types cannot be others by a delta: a package that code of the service uses, here (by these simple names) or in other projects. Null when there is none.</summary>
    public string? PackageOf(IEnumerable<string> used) => used.Concat(Uses()).FirstOrDefault(IsPackage) is { } package ? $"{package} may go by the names of types" : null;

    /// <summary>Whether an assembly is one of a package: neither of the service, nor of the platform, nor what nodes have for all versions.</summary>
    public bool IsPackage(string assembly) => assembly != OutputClassifier.ActorsAssembly && !Hot.Contains(assembly) && Platform.VersionOf(assembly) is null;
}
