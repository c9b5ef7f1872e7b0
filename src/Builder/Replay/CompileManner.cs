namespace WatchReload.Builder.Replay;

/// <summary>How a project is compiled.</summary>
/// <param name="AnalyzersLater">Analyzers that nobody has made fail a build are left to <see cref="WarmProject.AnalyzeLater"/>.</param>
/// <param name="Unhurried">On one thread.</param>
internal readonly record struct CompileManner(bool AnalyzersLater, bool Unhurried);
