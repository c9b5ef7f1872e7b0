namespace WatchReload.Builder.Replay;

/// <summary>The images of one compilation.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="Symbols">The portable symbols; null when they are inside the assembly, or not asked for.</param>
/// <param name="Reference">The reference assembly; null when not asked for.</param>
/// <param name="Documentation">The XML documentation; null when not asked for.</param>
internal sealed record Emitted(byte[] Assembly, byte[]? Symbols, byte[]? Reference, byte[]? Documentation)
{
    /// <summary>What others compile against.</summary>
    public byte[] Surface => Reference ?? Assembly;
}
