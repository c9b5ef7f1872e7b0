namespace WatchReload.Daemon.Configuration;

/// <summary>Where a value stands. Line and column as in <see cref="ConfigurationError"/>.</summary>
internal readonly record struct Location(string File, int Line, int Column)
{
    /// <summary>An environment variable or a flag.</summary>
    public static Location Of(string name) => new(name, 0, 0);
}

internal static class Locations
{
    /// <summary>What is wrong here. Text of the file may be in it, and whoever may push writes the file: no control character of it reaches a terminal.</summary>
    public static ConfigurationError Problem(this Location at, string message, string remedy) => new(at.File, at.Line, at.Column, Shown.Plain(message), Shown.Plain(remedy));
}
