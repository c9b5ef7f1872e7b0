namespace WatchReload.Daemon.Tests.Watching;

/// <summary>What people, editors and tools do to a tree, in any order.</summary>
internal sealed class RandomWork(WatchedFolder folder, Random random)
{
    private readonly Queue<string> _last = new();
    private int _made;

    public int Done { get; private set; }

    public string Last => string.Join(", ", _last);

    public void Do(int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            try
            {
                Do();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not there, or in the way: as good a thing to do as any.
            }
            Done++;
        }
    }

    private void Do()
    {
        var (file, other) = (File_(), File_());
        var (directory, target) = (Directory_(), Directory_());
        switch (random.Next(22))
        {
            case 0 or 1 or 2:
                Note("write", file);
                folder.Write(file, Text());
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
                var written = File.GetLastWriteTimeUtc(folder.At(file));
                File.WriteAllText(folder.At(file), Text());
                File.SetLastWriteTimeUtc(folder.At(file), written);
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
                File.Delete(folder.At(file));
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
                Note("link file", file, other);
                File.CreateSymbolicLink(folder.At(file), folder.At(other));
                break;
            case 19:
                var link = $"{directory}/l{random.Next(2)}";
                Note("link directory", link);
                if (random.Next(3) == 0)
                    Directory.Delete(folder.At(link));
                Directory.CreateSymbolicLink(folder.At(link), folder.Beside($"shared{random.Next(2)}"));
                break;
            case 20:
                Note("link to itself", directory);
                Directory.CreateSymbolicLink(folder.At($"{directory}/loop"), "..");
                break;
            default:
                var shared = folder.Beside($"shared{random.Next(2)}/{(random.Next(3) == 0 ? "deep/" : "")}s{random.Next(2)}.cs");
                Note("write behind links", shared);
                if (random.Next(4) == 0)
                    File.Delete(shared);
                else
                    File.WriteAllText(shared, Text());
                break;
        }
    }

    private string Text() => $"{random.Next(4)}";

    private string File_() => $"{Directory_()}/f{random.Next(4)}.cs";

    private string Directory_() => random.Next(3) switch
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
