namespace WatchReload.Bench.Services;

/// <summary>Releases of the crowd, in the order in which they are built.</summary>
internal enum CrowdRelease
{
    Base,

    /// <summary>Another version, states of the same shape.</summary>
    Same,

    /// <summary>The subjects' state has a member more, and each item of the large one.</summary>
    Changed,
}

/// <summary>bench/services/crowd as a checkout of its own.</summary>
internal sealed class CrowdTree
{
    private const string RevisionFile = "Revision.cs";
    private const string StateFile = "SubjectState.cs";

    private CrowdTree(string root) => Root = root;

    public string Root { get; }

    private string Service => Path.Combine(Root, "service");

    public static CrowdTree Write(string root)
    {
        var tree = new CrowdTree(root);
        Directory.CreateDirectory(tree.Service);
        foreach (var source in Directory.EnumerateFiles(Sources, "*.cs")) File.Copy(source, Path.Combine(tree.Service, Path.GetFileName(source)));
        File.WriteAllText(Path.Combine(tree.Service, ServiceText.ProjectFile), ServiceProject.Text("", ServiceProject.ActorsReference, ""));
        File.WriteAllText(Path.Combine(root, "watch.json"), ServiceProject.Configuration);
        foreach (var (name, text) in ServiceProject.NothingInherited) File.WriteAllText(Path.Combine(root, name), text);
        return tree;
    }

    /// <summary>Makes the sources those of that release.</summary>
    public void Edit(CrowdRelease release)
    {
        Replace(RevisionFile, "\"1\"", release == CrowdRelease.Same ? "\"2\"" : "\"1\"");
        Replace(StateFile, "long Last,", release == CrowdRelease.Changed ? "long Last, int Seen," : "long Last,");
        Replace("Large.cs", "string Text)", release == CrowdRelease.Changed ? "string Text, int Seen = 0)" : "string Text)");
        Replace("Keeper.cs", "(\"subject\", i, 0, last)", release == CrowdRelease.Changed ? "(\"subject\", i, 0, 0, last)" : "(\"subject\", i, 0, last)");
        Replace("Heap.cs", "(\"subject\", i, 0, default)", release == CrowdRelease.Changed ? "(\"subject\", i, 0, 0, default)" : "(\"subject\", i, 0, default)");
    }

    private static string Sources => Repository.Path("bench/services/crowd");

    private void Replace(string file, string old, string replacement)
    {
        var text = File.ReadAllText(Path.Combine(Sources, file));
        if (!text.Contains(old, StringComparison.Ordinal)) throw new BenchException($"\"{old}\" is not in {file} of the crowd.");
        File.WriteAllText(Path.Combine(Service, file), text.Replace(old, replacement, StringComparison.Ordinal));
    }
}
