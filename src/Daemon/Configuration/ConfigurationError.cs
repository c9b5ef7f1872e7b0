namespace WatchReload.Daemon.Configuration;

/// <summary>One thing wrong with the configuration.</summary>
/// <param name="File">A file's path, an environment variable's name, or a flag.</param>
/// <param name="Line">From 1; 0 where there are no lines.</param>
/// <param name="Column">From 1, in UTF-16 units as editors count; 0 where there are no lines.</param>
/// <param name="Message">The cause, a sentence.</param>
/// <param name="Remedy">What to do, a sentence.</param>
internal sealed record ConfigurationError(string File, int Line, int Column, string Message, string Remedy)
{
    public override string ToString() => Line > 0 ? $"{File}({Line},{Column}): {Message} {Remedy}" : $"{File}: {Message} {Remedy}";
}
