using System.Diagnostics.CodeAnalysis;

namespace WatchReload.Daemon.Configuration;

/// <summary>Settings, or everything that is wrong with them.</summary>
internal sealed record SettingsResult(Settings? Settings, IReadOnlyList<ConfigurationError> Errors)
{
    [MemberNotNullWhen(true, nameof(Settings))]
    public bool Valid => Settings is not null;
}

internal static class SettingsLoader
{
    public const string FileName = "watch.json";

    public static SettingsResult Load(SettingsSources sources) => throw new NotSupportedException(sources.Directory);
}
