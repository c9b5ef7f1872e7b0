namespace WatchReload.Control;

/// <summary>Something outside the program is not as it must be. The message names the cause, and <see cref="Remedy"/> what to do about it; no stack trace is needed to understand it.</summary>
public abstract class ControlException(string cause, string remedy, Exception? inner = null) : Exception(cause, inner)
{
    public string Remedy { get; } = remedy;
}
