namespace WatchReload.Bench.Services;

/// <summary>A generated service on disk, and the edits that are made to it.</summary>
internal sealed class ServiceTree
{
    private readonly string _aside;
    private ServiceText _text;

    private ServiceTree(string root, ServiceText text)
    {
        (Root, _text) = (root, text);
        _aside = root + ".aside"; // beside it: a rename within one file system, out of any watcher's sight
        Directory.CreateDirectory(_aside);
    }

    /// <summary>Top of the checkout; the service is at <c>service/</c>.</summary>
    public string Root { get; }

    public string Service => Path.Combine(Root, "service");

    public string Project => Path.Combine(Service, ServiceText.ProjectFile);

    /// <summary>What <c>/version</c> answers once everything saved is live.</summary>
    public string Answer => _text.Answer;

    /// <summary>Full paths of the files that the last edit wrote.</summary>
    public IReadOnlyList<string> Edited { get; private set; } = [];

    /// <summary>The chat of src/Service, for a node.</summary>
    public static ServiceTree ForNode(string root, int bulkFiles, bool libraries = false)
    {
        var text = new ServiceText("WatchReload.Service", "public") { HasLibraries = libraries, Project = items => ServiceProject.Text("", ServiceProject.ActorsReference, items) };
        var tree = Write(root, text, Repository.Path("src/Service"), bulkFiles);
        tree.Save(new SourceFile("../watch.json", ServiceProject.Configuration));
        return tree;
    }

    /// <summary>The same lines on bare Kestrel, as an ordinary program.</summary>
    public static ServiceTree ForProcess(string root, int bulkFiles, bool libraries = false)
    {
        var text = new ServiceText("WatchReload.Bench.Kestrel", "internal") { HasLibraries = libraries, Project = items => ServiceProject.Text("<OutputType>Exe</OutputType>", "", items) };
        return Write(root, text, Repository.Path("bench/peers/kestrel"), bulkFiles);
    }

    public bool Knows(EditKind kind) => _text.Knows(kind);

    /// <summary>What it will answer after the next edit of that kind.</summary>
    public string NextAnswer(EditKind kind) => _text.Next(kind).After.Answer;

    /// <summary>Makes the next edit of that kind. What <c>/version</c> answers after it.</summary>
    public string Edit(EditKind kind)
    {
        (_text, var saves) = _text.Next(kind);
        foreach (var file in saves) Save(file, moves: kind == EditKind.MovedBody);
        Edited = [.. saves.Select(file => Path.GetFullPath(Path.Combine(Service, file.Path)))];
        return Answer;
    }

    /// <summary>Writes a file in its place, as most editors do; or aside, then moved into its place, as the others.</summary>
    private void Save(SourceFile file, bool moves = false)
    {
        var target = Path.GetFullPath(Path.Combine(Service, file.Path));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var written = moves ? Path.Combine(_aside, Path.GetFileName(file.Path)) : target;
        File.WriteAllText(written, file.Text);
        if (moves) File.Move(written, target, overwrite: true);
    }

    private static ServiceTree Write(string root, ServiceText text, string sources, int bulkFiles)
    {
        var tree = new ServiceTree(root, text);
        foreach (var source in Directory.EnumerateFiles(sources, "*.cs")) tree.Save(new(Path.GetFileName(source), File.ReadAllText(source)));
        foreach (var file in text.All.Concat(Bulk.Files(text.Namespace, bulkFiles))) tree.Save(file);
        foreach (var (name, content) in ServiceProject.NothingInherited) tree.Save(new("../" + name, content));
        return tree;
    }
}
