using Microsoft.CodeAnalysis;

namespace WatchReload.Builder.Deltas;

/// <summary>What is around a project whose assembly is to take a delta.</summary>
/// <param name="Hot">Names of all assemblies that are made here and loaded with each version.</param>
/// <param name="IsReferenced">Other projects are compiled against it.</param>
/// <param name="Others">Texts of the other projects of these, with what generators made.</param>
/// <param name="Uses">Simple names of the assemblies that those projects use; null: there are none.</param>
internal sealed record DeltaSurroundings(IReadOnlySet<string> Hot, bool IsReferenced, Func<IEnumerable<SyntaxTree>> Others, Func<IEnumerable<string>>? Uses = null);
