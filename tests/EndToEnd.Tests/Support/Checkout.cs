using System.Diagnostics;
using System.Net;
using WatchReload.Control;
using WatchReload.Tests;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>
/// A git checkout in a temporary directory, with a copy of src/Service as its service. It inherits nothing from this repository but
/// WatchReload.Actors, referenced as the assembly that nodes have. All that runs on it ends with it.
/// </summary>
internal sealed class Checkout : IAsyncDisposable
{
    public const string Service = "src/Service/";
    private readonly string _top = Directory.CreateTempSubdirectory("watchreload-e2e-").FullName;
    private readonly List<Command> _commands = [];

    private Checkout()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Path.Combine(_top, "aside"));
    }

    public string Root => Path.Combine(_top, "tree");

    /// <summary>For whatever else a test needs, such as a bare repository.</summary>
    public string Beside(string name) => Path.Combine(_top, name);

    public string this[string path] => Path.Combine(Root, path);

    public StateDirectory State => new(this[".git/watchreload"]);

    /// <summary>Where the service listens.</summary>
    public IPEndPoint Endpoint { get; } = Ports.Fresh();

    /// <summary>Of the commands that are started here; more may be set.</summary>
    public Dictionary<string, string?> Environment { get; } = new(Support.Git.Environment);

    /// <summary>What runs the command.</summary>
    public string Dotnet { get; set; } = "dotnet";

    /// <summary>When nothing runs any more, before it is deleted.</summary>
    public Func<Task> AtTheEnd { get; set; } = () => Task.CompletedTask;

    /// <summary>Everything committed, nothing built.</summary>
    public static async Task<Checkout> Create()
    {
        var checkout = new Checkout();
        checkout.Environment["Chat__Endpoint"] = checkout.Endpoint.ToString();
        foreach (var source in Directory.EnumerateFiles(Product.Service, "*.cs"))
            checkout.Save(Service + Path.GetFileName(source), await File.ReadAllTextAsync(source));
        checkout.Save(Service + "Service.csproj", CheckoutFiles.Project(Product.Actors));
        checkout.Save("Directory.Build.props", CheckoutFiles.BuildProperties);
        checkout.Save("Directory.Packages.props", CheckoutFiles.Empty);
        checkout.Save("watch.json", CheckoutFiles.Configuration);
        await checkout.Git("init", "--quiet", "--initial-branch=main");
        await checkout.Commit("first");
        return checkout;
    }

    /// <summary>Writes a file as editors do: aside, then moved into its place, so that nobody sees half of it.</summary>
    public void Save(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        var aside = Path.Combine(_top, "aside", Path.GetFileName(path));
        File.WriteAllText(aside, text);
        File.Move(aside, this[path], overwrite: true);
    }

    public string Read(string path) => File.ReadAllText(this[path]);

    /// <summary>Replaces texts in one file, in one save. One that is not there fails the test: it was written for other sources.</summary>
    public void Edit(string path, params (string Old, string New)[] edits)
    {
        var text = Read(path);
        foreach (var (old, replacement) in edits)
            text = text.Contains(old, StringComparison.Ordinal) ? text.Replace(old, replacement, StringComparison.Ordinal) : throw new InvalidOperationException($"\"{old}\" is not in {path}:\n{text}");
        Save(path, text);
    }

    /// <summary>The edit that a client can see: what <c>/version</c> answers.</summary>
    public void SaveVersion(string text) => Save(Service + "ServiceVersion.cs", CheckoutFiles.ServiceVersion(text));

    public Task<string> Git(params string[] arguments) => Support.Git.Run(Root, arguments);

    /// <summary>Everything; its id.</summary>
    public async Task<string> Commit(string subject)
    {
        await Git("add", "--all");
        await Git("commit", "--quiet", "--message", subject);
        return await Git("rev-parse", "HEAD");
    }

    /// <summary>Starts the command here; <c>--json</c> is added. It is ended with the checkout, unless it has ended by itself.</summary>
    public Command Start(params string[] arguments)
    {
        var command = Command.Start(Dotnet, Root, Environment, arguments);
        _commands.Add(command);
        return command;
    }

    /// <summary>Starts the command and waits until it has ended.</summary>
    public async Task<Outcome> Run(params string[] arguments)
    {
        var command = Start(arguments);
        return new Outcome(await command.Exit(), command.Events.All, command.Errors.All);
    }

    /// <summary><c>watchreload watch</c>, and the node serves.</summary>
    public async Task<Command> Watch(params string[] options)
    {
        var watch = Start(["watch", .. options]);
        await watch.Verdict("node.started");
        return watch;
    }

    /// <summary>From now on edits of sources need no MSBuild.</summary>
    public Task BuilderIsReady()
    {
        var log = Path.Combine(State.Root, "logs", "builder.log");
        return FileNews.Until(log, () => FileNews.Says(log, "Ready:"), "the builder to be ready");
    }

    /// <summary>What <c>status --json</c> says.</summary>
    public async Task<CommandEvent> Status()
    {
        var outcome = await Run("status");
        return outcome.ExitCode == 0 ? Assert.Single(outcome.Events) : throw new InvalidOperationException($"status failed: {outcome}");
    }

    public Task<ChatClient> Connect(string name) => ChatClient.Connect(Endpoint, name);

    public async ValueTask DisposeAsync()
    {
        foreach (var command in Enumerable.Reverse(_commands))
            await command.DisposeAsync();
        foreach (var node in Nodes())
        {
            using var process = Process.GetProcessById(node.Pid);
            process.Kill();
            await process.WaitForExitAsync();
        }

        await AtTheEnd();
        Delete(new DirectoryInfo(_top));
    }

    /// <summary>Those that live.</summary>
    private ProcessIdentity[] Nodes() => Directory.Exists(State.Root + "/nodes")
        ? [.. Directory.EnumerateDirectories(State.Root + "/nodes").Select(n => RendezvousFile.Read(State, Path.GetFileName(n))?.Process()).Where(p => p is { IsAlive: true }).Select(p => p!)]
        : [];

    /// <summary>Releases are read-only, directories too.</summary>
    private static void Delete(DirectoryInfo directory)
    {
        if (!OperatingSystem.IsWindows())
        {
            foreach (var inner in directory.EnumerateDirectories("*", SearchOption.AllDirectories).Where(d => d.LinkTarget is null))
                inner.UnixFileMode |= UnixFileMode.UserWrite;
        }

        directory.Delete(recursive: true);
    }
}

/// <summary>What a command that has ended said.</summary>
internal sealed record Outcome(int ExitCode, IReadOnlyList<CommandEvent> Events, IReadOnlyList<string> Errors)
{
    public string ErrorText => string.Join('\n', Errors);

    public override string ToString() => $"exit code {ExitCode}\n{string.Join('\n', Events)}\n{ErrorText}";
}
