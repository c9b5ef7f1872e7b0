using System.Reflection;
using WatchReload.Control;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// A release in memory. What it hands out (types, assemblies) must not be kept beyond <see cref="Retire"/> by anyone who wants it
/// unloaded; the object itself may be kept, it refers to nothing of the release afterwards.
/// </summary>
internal sealed class LoadedRelease
{
    public ReleaseManifest Manifest => throw new NotImplementedException();

    /// <summary>SHA-256 of release.json's bytes, lower-case hex.</summary>
    public string ManifestHash => throw new NotImplementedException();

    /// <summary>The release's directory.</summary>
    public string ContentRoot => throw new NotImplementedException();

    /// <summary>The entry assembly's module version id.</summary>
    public Guid Mvid => throw new NotImplementedException();

    /// <summary>What a person should know, such as mutable statics that start afresh. Never a reason to refuse.</summary>
    public IReadOnlyList<string> Warnings => throw new NotImplementedException();

    /// <summary>The one public class that implements IService; it has a public parameterless constructor.</summary>
    public Type ServiceType => throw new NotImplementedException();

    public Assembly Entry => throw new NotImplementedException();

    public IReadOnlyList<HotAssembly> Hot => throw new NotImplementedException();

    /// <summary>All types of the hot assemblies.</summary>
    public IReadOnlyList<Type> Types => throw new NotImplementedException();

    /// <summary>Whether the assembly is hot in this release: shared with an earlier release or not.</summary>
    public bool Has(Assembly assembly) => throw new NotImplementedException();

    /// <summary>Whether this release has the assembly of that name in another incarnation than <paramref name="previous"/>, or only one of them has it.</summary>
    public bool IsReloadedComparedTo(LoadedRelease previous, Assembly assembly) => throw new NotImplementedException();

    /// <summary>The hot type of that <see cref="Type.FullName"/>: of the named assembly, or of the entry assembly first and then of any other.</summary>
    public Type? FindType(string fullName, string? assemblyName = null) => throw new NotImplementedException();

    /// <summary>
    /// Lets go: contexts that no other loaded release shares are unloaded, caches of frameworks and packages are told. To be called
    /// when the version's last turn has ended and its container is disposed. A second call gives the same ticket.
    /// </summary>
    public UnloadTicket Retire() => throw new NotImplementedException();
}
