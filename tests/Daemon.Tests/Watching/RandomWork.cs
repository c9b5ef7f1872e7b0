using WatchReload.Daemon.Tests.Git;

namespace WatchReload.Daemon.Tests.Watching;

/// <summary>What people, editors, tools and git do to a tree, in any order.</summary>
internal sealed class RandomWork(WatchedFolder folder, Random random)
{
    /// <summary>One of so many operations is git's, which is a process or several.</summary>
    private const int GitIsOneOf = 150;

    private static readonly EnumerationOptions _own = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private readonly Queue<string> _last = new();
    private List<string> _files = [];
    private List<string> _directories = [];
    private int _made;
    private bool _hasStash;

    /// <summary>Operations that did what they were to do.</summary>
    public int Succeeded { get; private set; }

    /// <summary>Of those, git's.</summary>
    public int ByGit { get; private set; }

    /// <summary>Operations that were begun, and failed: something was not there, or in the way. As good a thing to do as any.</summary>
    public int Failed { get; private set; }

    public string Last => string.Join(", ", _last);

    /// <summary>The two branches that git goes to and fro between.</summary>
    public static async Task Branch(string root)
    {
        await Shell.Git(root, "add", "-A");
        await Shell.Git(root, "commit", "-q", "-m", "begin");
        await Shell.Git(root, "branch", "side");
    }

    /// <summary>Goes on until so many have succeeded.</summary>
    public async Task Do(int operations)
    {
        for (var goal = Succeeded + operations; Succeeded < goal;)
        {
            if (random.Next(GitIsOneOf) == 0)
            {
                await Git();
                continue;
            }

            try
            {
                Do();
                Succeeded++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Failed++;
            }
        }
    }

    private async Task Git()
    {
        var branch = random.Next(2) == 0 ? "main" : "side";
        var done = random.Next(5) switch
        {
            0 => await Commit(),
            1 or 2 => await Git("checkout", "-q", "-f", branch),
            3 => _hasStash ? await Unstash() : await Stash(),
            _ => await Commit() && (await Git("rebase", "-q", branch) || await Git("rebase", "--abort")),
        };
        if (!done)
        {
            Failed++;
            return;
        }

        Succeeded++;
        ByGit++;
    }

    private async Task<bool> Commit() => await Git("add", "-A") && await Git("commit", "-q", "--allow-empty", "-m", $"commit {_made++}");

    private async Task<bool> Stash() => _hasStash = await Git("stash", "-q", "-u") && await Git("rev-parse", "-q", "--verify", "refs/stash");

    private async Task<bool> Unstash()
    {
        _hasStash = false;
        if (await Git("stash", "pop", "-q"))
            return true;
        return await Git("reset", "-q", "--hard") && await Git("stash", "drop", "-q"); // a conflict
    }

    private async Task<bool> Git(params string[] arguments)
    {
        Note("git", arguments);
        return (await Shell.Run(folder.Root, "git", arguments)).ExitCode == 0;
    }

    private void Do()
    {
        Look();
        var (file, other) = (File_(), AnyFile());
        var (directory, target) = (Directory_(), FreeDirectory());
        switch (random.Next(22))
        {
            case 0 or 1 or 2:
                var written = random.Next(2) == 0 ? file : other;
                Note("write", written);
                folder.Write(written, Text());
                break;
            case 3:
                Note("append", file);
                File.AppendAllText(folder.At(file), Text());
                break;
            case 4:
                Note("the same again", file);
                File.WriteAllText(folder.At(file), File.ReadAllText(folder.At(file)));
                break;
            case 5:
                Note("touch", file);
                File.SetLastWriteTimeUtc(folder.At(file), new DateTime(2020, 1, 1, 0, 0, random.Next(3), DateTimeKind.Utc));
                break;
            case 6:
                Note("write and set back the time", file);
                var time = File.GetLastWriteTimeUtc(folder.At(file));
                File.WriteAllText(folder.At(file), Text());
                File.SetLastWriteTimeUtc(folder.At(file), time);
                break;
            case 7 or 8:
                Note("replace", file);
                var half = folder.At(file) + (random.Next(2) == 0 ? "___jb_tmp___" : ".X1y2Z3");
                File.WriteAllText(half, Text());
                File.Move(half, folder.At(file), overwrite: true);
                break;
            case 9:
                Note("vim", file);
                File.Move(folder.At(file), folder.At(file) + "~");
                File.WriteAllText(folder.At(file), Text());
                File.Delete(folder.At(file) + "~");
                break;
            case 10:
                Note("there and back", file);
                var before = File.ReadAllText(folder.At(file));
                File.WriteAllText(folder.At(file), Text());
                File.WriteAllText(folder.At(file), before);
                break;
            case 11:
                Note("delete", file);
                Delete(folder.At(file));
                break;
            case 12:
                Note("move", file, other);
                File.Move(folder.At(file), folder.At(other), overwrite: true);
                break;
            case 13:
                Note("case", file);
                File.Move(folder.At(file), folder.At(Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileName(file).ToUpperInvariant().Replace(".CS", ".cs", StringComparison.Ordinal))));
                break;
            case 14 or 15:
                Note("move directory", directory, target);
                Directory.Move(folder.At(directory), folder.At(target));
                break;
            case 16:
                Note("out and in", directory, target);
                var outside = folder.Beside($"out{_made++}");
                Directory.Move(folder.At(directory), outside);
                Directory.Move(outside, folder.At(target));
                break;
            case 17:
                Note("delete directory", directory);
                Directory.Delete(folder.At(directory), recursive: true);
                break;
            case 18:
                Note("link file", other, file);
                if (random.Next(2) == 0)
                    File.Delete(folder.At(other));
                File.CreateSymbolicLink(folder.At(other), folder.At(file));
                break;
            case 19:
                var link = $"{directory}/l{random.Next(2)}";
                Note("link directory", link);
                if (Directory.Exists(folder.At(link)))
                    Directory.Delete(folder.At(link));
                if (random.Next(3) > 0)
                    Directory.CreateSymbolicLink(folder.At(link), folder.Beside($"shared{random.Next(2)}"));
                break;
            case 20:
                Note("link to itself", directory);
                if (Directory.Exists(folder.At($"{directory}/loop")))
                    Directory.Delete(folder.At($"{directory}/loop"));
                else
                    Directory.CreateSymbolicLink(folder.At($"{directory}/loop"), "..");
                break;
            default:
                var shared = folder.Beside($"shared{random.Next(2)}/{(random.Next(3) == 0 ? "deep/" : "")}s{random.Next(2)}.cs");
                Note("write behind links", shared);
                if (random.Next(4) == 0)
                    Delete(shared);
                else
                    File.WriteAllText(shared, Text());
                break;
        }
    }

    private string Text() => $"{random.Next(4)}";

    private static void Delete(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException(null, path); // to delete what is not there is none
        File.Delete(path);
    }

    /// <summary>In an order that is the same each time, for whoever tries a seed again.</summary>
    private void Look()
    {
        var tops = "abc".Select(letter => folder.At($"src/{letter}")).Where(Directory.Exists).ToList();
        _directories = [.. tops.Concat(tops.SelectMany(top => Directory.GetDirectories(top, "*", _own))).Select(Relative).Order(StringComparer.Ordinal)];
        _files = [.. tops.SelectMany(top => Directory.GetFiles(top, "*.cs", _own)).Select(Relative).Order(StringComparer.Ordinal)];

        string Relative(string path) => Path.GetRelativePath(folder.Root, path);
    }

    /// <summary>Mostly one that is there.</summary>
    private string File_() => _files.Count == 0 || random.Next(10) == 0 ? AnyFile() : _files[random.Next(_files.Count)];

    private string Directory_() => _directories.Count == 0 || random.Next(10) == 0 ? AnyDirectory() : _directories[random.Next(_directories.Count)];

    /// <summary>Mostly one that is not there yet, in one that is.</summary>
    private string FreeDirectory()
    {
        var target = AnyDirectory();
        for (var tries = 0; tries < 12 && (Directory.Exists(folder.At(target)) || !Directory.Exists(Path.GetDirectoryName(folder.At(target)))); tries++)
            target = AnyDirectory();
        return target;
    }

    private string AnyFile() => $"{AnyDirectory()}/f{random.Next(4)}.cs";

    private string AnyDirectory() => random.Next(3) switch
    {
        0 => "src/" + "abc"[random.Next(3)],
        1 => $"src/{"abc"[random.Next(3)]}/{"de"[random.Next(2)]}",
        _ => $"src/{"abc"[random.Next(3)]}/{"de"[random.Next(2)]}/{"fg"[random.Next(2)]}",
    };

    private void Note(string what, params string[] about)
    {
        _last.Enqueue($"{what} {string.Join(" ", about)}");
        if (_last.Count > 12)
            _last.Dequeue();
    }
}
