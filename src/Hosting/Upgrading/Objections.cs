namespace WatchReload.Hosting.Upgrading;

/// <summary>Why a release cannot be taken; none: it can.</summary>
/// <param name="Problems">All causes together, each with its remedy.</param>
/// <param name="Transient">Every one is a circumstance that may pass, and says nothing of the release.</param>
internal sealed record Objections(IReadOnlyList<string> Problems, bool Transient = false);

/// <summary>Why a version that was committed should not stay.</summary>
/// <param name="Problem">The cause.</param>
/// <param name="Transient">It says nothing of the release.</param>
internal sealed record Setback(string Problem, bool Transient = false);
