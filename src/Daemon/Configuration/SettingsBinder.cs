using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Configuration;

/// <summary>Every setting, with its type, default and range. What is asked for here is what is known.</summary>
internal static partial class SettingsBinder
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    /// <summary>All known keys, those in the objects of lists too.</summary>
    public static IReadOnlyCollection<KnownKey> Keys { get; } = FindKeys();

    /// <summary>The settings, to be used only when the reading has no problems.</summary>
    public static Settings Bind(Reading reading, string root, string? file)
    {
        var top = Section.Top(reading);
        top.Text("$schema", null, _ => true, "");
        var project = top.Path("project", needed: true);
        var settings = new Settings
        {
            Root = root,
            File = file,
            Project = project ?? "",
            Configuration = top.Text("configuration", null, Word().IsMatch, "Name a configuration of the project, such as \"Debug\" or \"Release\"."),
            State = top.Path("state"),
            Nodes = top.Nodes(),
            Watch = Watch(top.Group("watch")),
            Git = Git(top.Group("git")),
            Hook = Hook(top.Group("hook")),
            Releases = Releases(top.Group("releases")),
            Packages = new PackageSettings([.. PackageSettings.AlwaysPerVersion, .. top.Group("packages").Texts("perVersion", CheckPackage)]),
            Reload = Reload(top.Group("reload")),
            Builder = Builder(top.Group("builder")),
            Build = Build(top.Group("build")),
            Log = Log(top.Group("log")),
        };
        reading.RefuseUnknownKeys();
        return settings;
    }

    private static WatchSettings Watch(Section section)
    {
        var defaults = new WatchSettings();
        var most = TimeSpan.FromSeconds(10);
        var watch = new WatchSettings
        {
            Include = section.Texts("include", defaults.Include, Glob.Check),
            Exclude = [.. WatchSettings.AlwaysExcluded, .. section.Texts("exclude", Glob.Check)],
            Settle = section.Duration("settle", defaults.Settle, TimeSpan.Zero, most),
            Burst = section.Duration("burst", defaults.Burst, TimeSpan.Zero, most),
            Polling = section.Choice("polling", defaults.Polling, Polling.Auto, Polling.Always, Polling.Never),
            PollInterval = section.Duration("pollInterval", defaults.PollInterval, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1)),
            Rescan = section.Duration("rescan", defaults.Rescan, TimeSpan.Zero, _day),
        };
        if (watch.Burst < watch.Settle)
        {
            var path = section.Reading.Given.ContainsKey("watch.burst") ? "watch.burst" : "watch.settle";
            section.Reading.Fail(path, $"makes the quiet time after many changes ({Quantity.Show(watch.Burst)}) shorter than after one ({Quantity.Show(watch.Settle)}).", "Make watch.burst at least as long as watch.settle.");
        }

        return watch;
    }

    private static GitSettings Git(Section section)
    {
        var defaults = new GitSettings();
        return new GitSettings
        {
            Remote = section.Text("remote", defaults.Remote, Remote().IsMatch, "Name a remote of the checkout, as \"git remote\" lists them; not a URL.", hostOnly: true)!,
            Branch = section.Text("branch", defaults.Branch, Branch().IsMatch, "Name a branch of the remote, such as \"main\", without \"refs/heads/\".", hostOnly: true),
            AllowedSigners = section.Path("allowedSigners", hostOnly: true),
            AllowedKeys = section.Path("allowedKeys", hostOnly: true),
            Gate = section.Choice("gate", defaults.Gate, [GateMode.Off, GateMode.On], hostOnly: true),
        };
    }

    private static HookSettings Hook(Section section)
    {
        var hook = new HookSettings(
            section.Text("group", null, AccountName().IsMatch, "Name a group of this machine, or its number.", hostOnly: true),
            section.Path("socket", hostOnly: true));
        var reading = section.Reading;
        if (hook.Group is not null && hook.Socket is null && !reading.Misread.Contains("hook.socket"))
            reading.Fail("hook.group", "is set, and hook.socket is not.", "Say where the socket for that group shall be, such as \"hook\": { \"socket\": \"/run/chat-hook/hook.sock\" }.");
        if (hook.Socket is not null && hook.Group is null && !reading.Misread.Contains("hook.group"))
            reading.Fail("hook.socket", "is set, and hook.group is not.", "Name the group whose members may hand in pushes there, or leave it out.");
        return hook;
    }

    private static ReleaseSettings Releases(Section section)
    {
        var defaults = new ReleaseSettings();
        return new ReleaseSettings
        {
            Keep = section.Integer("keep", defaults.Keep, 1, 10_000),
            MinimumFreeSpace = section.Size("minimumFreeSpace", defaults.MinimumFreeSpace, 0, 1L << 40),
            MaximumSize = section.Size("maximumSize", defaults.MaximumSize, 0, 1L << 40),
        };
    }

    private static void CheckPackage(Field field, string id)
    {
        if (!Package().IsMatch(id))
            field.Fail($"is {Shown.Text(id)}, not the id of a package.", "Name a package as the project does, such as \"AutoMapper\"; \"*\" is any text: \"Castle.*\".");
    }

    private static ReloadSettings Reload(Section section)
    {
        var defaults = new ReloadSettings();
        return new ReloadSettings
        {
            Stragglers = section.Choice("stragglers", defaults.Stragglers, Stragglers.Late, Stragglers.Refuse),
            Probation = section.Duration("probation", defaults.Probation, TimeSpan.Zero, _day, hostOnly: true),
        };
    }

    private static BuilderSettings Builder(Section section)
    {
        var defaults = new BuilderSettings();
        return new BuilderSettings
        {
            MemoryLimit = section.Size("memoryLimit", defaults.MemoryLimit, 256L << 20, 1L << 40),
            HangLimit = section.Duration("hangLimit", defaults.HangLimit, TimeSpan.FromSeconds(10), _day),
        };
    }

    private static BuildSettings Build(Section section)
    {
        var build = new BuildSettings(
            section.Text("user", null, AccountName().IsMatch, "Name a user of this machine.", hostOnly: true),
            section.Path("directory", hostOnly: true));
        var reading = section.Reading;
        if (build.User is not null && build.Directory is null && !reading.Misread.Contains("build.directory"))
            reading.Fail("build.user", "is set, and build.directory is not.", "Say where that user builds, such as \"build\": { \"directory\": \"/var/lib/chat-build\" }.");
        if (build.Directory is not null && build.User is null && !reading.Misread.Contains("build.user"))
            reading.Fail("build.directory", "is set, and build.user is not.", "Name the user that builds there, or leave it out.");
        return build;
    }

    private static LogSettings Log(Section section)
    {
        var defaults = new LogSettings();
        return new LogSettings
        {
            File = section.Path("file"),
            Level = section.Choice("level", defaults.Level, LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.Critical),
            Rolling = section.Choice("rolling", defaults.Rolling, LogRolling.Never, LogRolling.Hour, LogRolling.Day),
            Keep = section.Integer("keep", defaults.Keep, 1, 1000),
        };
    }

    private static Dictionary<string, KnownKey>.ValueCollection FindKeys()
    {
        var nowhere = Location.Of("");
        var oneNode = new ConfigObject(nowhere, [new ConfigMember("nodes", nowhere, new ConfigList(nowhere, [new ConfigObject(nowhere, [])]))]);
        var reading = new Reading([new Layer(LayerKind.Tree, Path.GetTempPath()) { File = oneNode }]);
        Bind(reading, "", null);
        return reading.Keys.Values;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\z")]
    private static partial Regex Word();

    [GeneratedRegex(@"\A[A-Za-z0-9_*][A-Za-z0-9_.*-]{0,99}\z")]
    private static partial Regex Package();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_./-]{0,127}\z")]
    private static partial Regex Remote();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\$?\z")]
    private static partial Regex AccountName();

    // What git check-ref-format allows is wider; nothing here can be taken for an option, a range or a refspec.
    [GeneratedRegex(@"\A(?!refs/)(?!.*(\.\.|//|@\{|\.lock(/|\z)))[A-Za-z0-9_][A-Za-z0-9_./@+#-]*(?<![./])\z")]
    private static partial Regex Branch();
}
