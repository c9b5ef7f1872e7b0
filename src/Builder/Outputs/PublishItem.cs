namespace WatchReload.Builder.Outputs;

/// <summary>One of the service project's publish items, as far as a release cares.</summary>
/// <param name="Source">Absolute path of the file.</param>
/// <param name="Path">Where it would be published, relative, with <c>/</c>.</param>
/// <param name="PackageId">Of the package that it comes from; null for others.</param>
/// <param name="IsHot">Whether it is the assembly of the service project or of a project reference.</param>
internal sealed record PublishItem(string Source, string Path, string? PackageId, bool IsHot);
