using Microsoft.Build.Execution;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Replay;
using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>
/// MSBuild compiles when a file is newer than what was built. One that was replaced by an older one, or is gone, it may not notice, and the old code
/// would be taken for the new. So beside what is built lies a file that says what was in all that is read, and that targets take for an input too.
/// </summary>
/// <remarks>
/// Theory of operation. A stamp is written before a build, and only when it says something else than is there: then it is newer than all that was built, and
/// stays so until that is built anew, whatever comes between. It is written again after the build: what was replaced meanwhile may have been read or not, and is built
/// once more. So an output that is not older than its stamp was made of what the stamp says.
/// </remarks>
internal sealed class ContentStamps
{
    private const string OfCompiler = "watchreload.inputs.txt";
    private const string OfResources = "watchreload.resources.txt";

    private InputHashes? _known;

    public void Write(EvaluatedTree tree)
    {
        var projects = tree.Graph.ProjectNodes.Select(node => node.ProjectInstance).Where(project => !TargetFrameworks.IsOuterBuild(project)).ToList();
        var resources = projects.ConvertAll(project => Sorted(InputCollector.ResourceFiles(project), project, tree.Filter));
        var compiled = projects.ConvertAll(project => Sorted(InputCollector.CompilerFiles(project).Concat(OnRecord(project)), project, tree.Filter));
        _known = InputHashes.Of(new BuildInputs { Projects = [], Files = [.. resources.Concat(compiled).SelectMany(paths => paths)] }, _known);
        foreach (var (project, (ofResources, ofCompiler)) in projects.Zip(resources.Zip(compiled)))
        {
            Write(IntermediateFile.PathOf(project, OfResources), Text(project, ofResources));
            Write(IntermediateFile.PathOf(project, OfCompiler), Text(project, ofCompiler));
        }
    }

    /// <summary>What targets gave to the compiler the last time: not all of it does an evaluation name.</summary>
    private static IEnumerable<string> OnRecord(ProjectInstance project) => CompilerCall.Read(project)?.Files.Where(File.Exists) ?? [];

    private static SortedSet<string> Sorted(IEnumerable<string> files, ProjectInstance project, InputFilter filter) =>
        new(files.Concat(project.ImportPaths).Append(project.FullPath).Where(filter.IsInput), StringComparer.Ordinal);

    private string Text(ProjectInstance project, IEnumerable<string> files) => string.Join('\n',
        ProjectSnapshot.GlobalsOf(project).Select(property => $"{property.Key}={property.Value}").Concat(files.Select(path => $"{_known!.HashOf(path)} {path}")));

    private static void Write(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
