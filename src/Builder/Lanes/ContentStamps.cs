using Microsoft.Build.Execution;
using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Replay;
using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>
/// MSBuild compiles when a file is newer than what was built. One that was replaced by an older one, or is gone, it may not notice, and the old code
/// would be taken for the new. So beside what is built lies a file that says what was in all that the compiler reads, and that targets take for an input too.
/// </summary>
/// <remarks>
/// Theory of operation. A stamp is written before a build, and only when it says something else than is there: then it is newer than all that was built, and
/// stays so until that is built anew, whatever comes between. It is written again after the build: what was replaced meanwhile may have been read or not, and is built
/// once more. So is what was changed and changed back, as the file system tells: the stamp says then that it was. So an output that is not older than its stamp was made of what the stamp says. Where the file
/// system keeps no times of changes, length and time have to do.
/// </remarks>
internal sealed class ContentStamps
{
    private const string OfCompiler = "watchreload.inputs.txt";
    private const string OfResources = "watchreload.resources.txt";

    private InputHashes? _known;

    /// <summary>Before a build. What cannot be written, and why; null when all is.</summary>
    public BuildDiagnostic? Write(EvaluatedTree tree) => Write(tree, _ => new HashSet<string>());

    /// <summary>After the build.</summary>
    /// <param name="tree">What was built.</param>
    /// <param name="touched">What was written while it was built, and is the same again: what is built may be of something else.</param>
    public BuildDiagnostic? WriteAgain(EvaluatedTree tree, out IReadOnlyCollection<string> touched)
    {
        HashSet<string> found = [];
        var problem = Write(tree, before => found = [.. _known!.TouchedSince(before).Where(path => _known.HashOf(path) == before.HashOf(path))]);
        touched = found;
        return problem;
    }

    private BuildDiagnostic? Write(EvaluatedTree tree, Func<InputHashes, IReadOnlySet<string>> touch)
    {
        var projects = tree.Graph.ProjectNodes.Select(node => node.ProjectInstance).Where(project => !TargetFrameworks.IsOuterBuild(project)).ToList();
        var resources = projects.ConvertAll(project => Sorted(InputCollector.ResourceFiles(project), project, tree.Filter));
        var compiled = projects.ConvertAll(project => Sorted(InputCollector.CompilerFiles(project).Concat(OnRecord(project)), project, tree.Filter));
        var before = _known;
        _known = InputHashes.Of(new BuildInputs { Projects = [], Files = [.. resources.Concat(compiled).SelectMany(paths => paths)] }, _known);
        var touched = touch(before ?? _known);
        return projects.Zip(resources, compiled).Select(each => Write(IntermediateFile.PathOf(each.First, OfResources), Text(each.First, each.Second, touched))
            ?? Write(IntermediateFile.PathOf(each.First, OfCompiler), Text(each.First, each.Third, touched))).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>What targets gave to the compiler the last time: not all of it does an evaluation name.</summary>
    private static IEnumerable<string> OnRecord(ProjectInstance project) => CompilerCall.Read(project)?.Files.Where(File.Exists) ?? [];

    private static SortedSet<string> Sorted(IEnumerable<string> files, ProjectInstance project, InputFilter filter) =>
        new(files.Concat(project.ImportPaths).Append(project.FullPath).Where(filter.IsInput), StringComparer.Ordinal);

    private string Text(ProjectInstance project, IEnumerable<string> files, IReadOnlySet<string> touched) => string.Join('\n',
        ProjectSnapshot.GlobalsOf(project).Select(property => $"{property.Key}={property.Value}").Concat(files.Select(path => $"{_known!.HashOf(path)} {path}{(touched.Contains(path) ? ", and another meanwhile" : "")}")));

    private static BuildDiagnostic? Write(string path, string text)
    {
        try
        {
            if (File.Exists(path) && File.ReadAllText(path) == text)
                return null;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problems.StampNotWritten(path, e.Message);
        }
    }
}
