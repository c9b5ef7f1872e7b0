namespace WatchReload.Bench.Services;

/// <summary>What is changed in a generated service. Each kind changes what <c>/version</c> answers, so that a client sees it live.</summary>
internal enum EditKind
{
    /// <summary>The body of an ordinary method.</summary>
    Body,

    /// <summary>The same, written aside and moved into its place, as some editors do: a watcher sees a file come.</summary>
    MovedBody,

    /// <summary>The body of an async method with lambdas.</summary>
    Async,

    /// <summary>A method that was not there, and a call of it.</summary>
    AddedMethod,

    /// <summary>The record that is the state of every connection gets another member, and the member before is widened.</summary>
    StateRecord,

    /// <summary>A file that was not there, and a call into it: two saves.</summary>
    NewFile,

    /// <summary>The project file.</summary>
    ProjectFile,

    /// <summary>The body of a method in the deepest of the <see cref="Libraries"/>, where a service has them.</summary>
    Leaf,

    /// <summary>A public constant there, which the service has compiled in: all that build on it are compiled again.</summary>
    LeafSurface,

    /// <summary>The project file there.</summary>
    LeafProjectFile,
}

internal static class EditKinds
{
    /// <summary>It changes one of the <see cref="Libraries"/>: only a service that builds on them knows it.</summary>
    public static bool IsOfLibraries(this EditKind kind) => kind is EditKind.Leaf or EditKind.LeafSurface or EditKind.LeafProjectFile;

    /// <summary>It changes how something is built, and no source.</summary>
    public static bool IsOfProjectFile(this EditKind kind) => kind is EditKind.ProjectFile or EditKind.LeafProjectFile;
}
