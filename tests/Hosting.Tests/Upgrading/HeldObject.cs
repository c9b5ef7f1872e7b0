namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>An object of compiled code, held outside it.</summary>
internal sealed class HeldObject : IDisposable
{
    private readonly string _key = $"held-object-{Guid.NewGuid():N}";

    public object? Value => AppContext.GetData(_key);

    /// <summary>A statement of the service.</summary>
    public string Set(string expression) => $"AppContext.SetData(\"{_key}\", {expression});";

    /// <summary>In a method of its own: a local of the caller's would hold it.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    public string Call() => ((Func<string>)Value!)();

    public void Drop() => AppContext.SetData(_key, null);

    public void Dispose() => Drop();
}
