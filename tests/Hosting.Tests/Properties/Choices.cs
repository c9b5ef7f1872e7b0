namespace WatchReload.Hosting.Tests.Properties;

/// <summary>
/// Decisions taken from a list of numbers that FsCheck makes. When the list has ended every decision is the first, which is always the simplest
/// one: so what is built of it ends, and a shorter list with smaller numbers gives a simpler case.
/// </summary>
internal sealed class Choices(IReadOnlyList<int> tape)
{
    private int _next;

    public bool HasEnded => _next >= tape.Count;

    /// <summary>From 0 to <paramref name="count"/> - 1.</summary>
    public int Of(int count) => HasEnded ? 0 : Math.Abs(tape[_next++] % count);

    public T Of<T>(params T[] options) => options[Of(options.Length)];

    public bool Rarely => Of(4) == 3;
}
