using System.Diagnostics.CodeAnalysis;

namespace WatchReload.Daemon.Releases;

/// <summary>The release that was asked for, or why there is none.</summary>
internal sealed record ReleaseLookup(Release? Release, string? Cause, string? Remedy)
{
    [MemberNotNullWhen(true, nameof(Release))]
    [MemberNotNullWhen(false, nameof(Cause), nameof(Remedy))]
    public bool Found => Release is not null;

    public static implicit operator ReleaseLookup(Release release) => new(release, null, null);
}
