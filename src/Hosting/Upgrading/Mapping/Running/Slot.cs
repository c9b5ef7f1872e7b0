namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>A place in an old object that is carried over: its part of the path, and what the new place can hold.</summary>
/// <param name="Label">For paths: <c>.Name</c>; empty: an element, shown by its index or key.</param>
/// <param name="Target">The declared type of the new place.</param>
/// <param name="ByShape">See <see cref="Pair"/>.</param>
internal sealed record Slot(string Label, Type Target, bool ByShape)
{
    /// <summary>
    /// The pair for objects of exactly the declared old type. Only where the slot itself belongs to the old version: elsewhere it
    /// would keep that version alive.
    /// </summary>
    public Pair? Exact { get; init; }

    /// <summary>Null is a legal value of the old place and not of the new one.</summary>
    public bool RefuseNull { get; init; }
}

/// <summary>The reason why a slot's value cannot be carried over; the run adds the path.</summary>
internal sealed class SlotException(Slot? slot, string reason, Exception? inner = null) : Exception(reason, inner)
{
    public Slot? Slot { get; } = slot;

    /// <summary>Called from compiled code.</summary>
    public static void ThrowNoValue(Slot slot) => throw new SlotException(slot, NoValue);

    public const string NoValue = "null has no counterpart, as the new member is not nullable; make it nullable, or write Upgrade";
}
