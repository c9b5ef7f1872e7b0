namespace WatchReload.Builder.Replay;

/// <summary>How a project is compiled.</summary>
/// <param name="AnalyzersLater">Analyzers that nobody has made fail a build are left to <see cref="WarmProject.AnalyzeLater"/>.</param>
/// <param name="OnOneThread">And not on as many as there are processors.</param>
internal readonly record struct CompileManner(bool AnalyzersLater, bool OnOneThread);
