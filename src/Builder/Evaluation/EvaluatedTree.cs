using Microsoft.Build.Execution;
using Microsoft.Build.Graph;
using WatchReload.Control;

namespace WatchReload.Builder.Evaluation;

/// <summary>The service project and all that it references, freshly evaluated.</summary>
/// <param name="Graph">Each project once for each set of global properties.</param>
/// <param name="Service">The service project.</param>
/// <param name="Inputs">What the build reads.</param>
/// <param name="RestoreInputs">What restore depends on: projects, imports, lock files, NuGet's configuration, global.json.</param>
/// <param name="AssetsFiles">What restore writes, a file a project.</param>
/// <param name="Filter">Tells what of it may change.</param>
/// <param name="Projects">What the evaluation said: the instances themselves are added to by builds.</param>
internal sealed record EvaluatedTree(ProjectGraph Graph, ProjectInstance Service, BuildInputs Inputs, IReadOnlyList<string> RestoreInputs, IReadOnlyList<string> AssetsFiles, InputFilter Filter, IReadOnlyList<ProjectSnapshot> Projects)
{
    /// <summary>Inputs that only the build has named, and no evaluation: what targets find, and give to the compiler or into the outputs.</summary>
    public IReadOnlyList<string> Found { get; private init; } = [];

    /// <summary>With what the build has named: absolute paths, whether or not they are inputs.</summary>
    public EvaluatedTree With(IEnumerable<string> found)
    {
        var known = Inputs.Projects.Concat(Inputs.Files).Concat(Inputs.Imports).ToHashSet(StringComparer.Ordinal);
        var more = found.Where(Filter.IsInput).Where(known.Add).Order(StringComparer.Ordinal).ToList();
        return more.Count == 0 ? this : this with { Found = [.. Found, .. more], Inputs = Inputs with { Files = [.. Inputs.Files.Concat(more).Order(StringComparer.Ordinal)] } };
    }
}
