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
}
