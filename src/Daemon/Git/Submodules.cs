namespace WatchReload.Daemon.Git;

/// <summary>The repositories within a checkout.</summary>
internal sealed class Submodules(GitCheckout checkout)
{
    /// <summary>What git has for them in place of the mode of a file.</summary>
    public const string Mode = "160000";

    private const string Declarations = ".gitmodules";

    /// <summary>
    /// The paths of those that were never fetched, though <c>git submodule update --init</c> would fetch them: their directories are empty, and to a build
    /// that may look as if they were meant to be.
    /// </summary>
    /// <exception cref="GitException">Git does not answer.</exception>
    public async Task<IReadOnlyCollection<string>> Missing(CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(checkout.Root, Declarations)))
            return [];
        var declared = await Settings(cancellation, "--file", Declarations);
        var absent = declared.Where(setting => setting.Name == "path" && !Path.Exists(Path.Combine(checkout.Root, setting.Value, ".git"))).ToList();
        if (absent.Count == 0)
            return [];

        // What is declared may have been taken out since, and what is chosen here goes before what is declared.
        var known = (await Ask(["ls-files", "-z", "--stage"], none: 0, cancellation)).Fields.Where(entry => entry.StartsWith(Mode + " ", StringComparison.Ordinal)).Select(entry => entry[(entry.IndexOf('\t', StringComparison.Ordinal) + 1)..]).ToHashSet(StringComparer.Ordinal);
        var chosen = await Settings(cancellation);
        return [.. absent.Where(submodule => known.Contains(submodule.Value) && !IsLeftOut(submodule.Of, [.. declared, .. chosen])).Select(submodule => submodule.Value)];
    }

    private static bool IsLeftOut(string submodule, IReadOnlyList<Setting> settings) =>
        settings.LastOrDefault(setting => setting.Of == submodule && setting.Name == "update")?.Value == "none"
        || settings.LastOrDefault(setting => setting.Of == submodule && setting.Name == "active") is { } active && IsFalse(active.Value);

    /// <summary>As git reads it.</summary>
    private static bool IsFalse(string value) => value.ToLowerInvariant() is "false" or "no" or "off" or "0" or "";

    private async Task<IReadOnlyList<Setting>> Settings(CancellationToken cancellation, params string[] where)
    {
        // submodule.NAME.path \n value \0; a name may have dots.
        var listed = await Ask(["config", "-z", .. where, "--get-regexp", @"^submodule\..*\.(path|update|active)$"], none: 1, cancellation);
        return [.. listed.Fields.Select(field => field.Split('\n', 2)).Where(parts => parts.Length == 2).Select(parts => new Setting(
            parts[0]["submodule.".Length..parts[0].LastIndexOf('.')],
            parts[0][(parts[0].LastIndexOf('.') + 1)..],
            parts[1]))];
    }

    /// <param name="arguments">Of git.</param>
    /// <param name="none">The exit code that says that there is nothing.</param>
    /// <param name="cancellation">Gives up.</param>
    private async Task<GitOutcome> Ask(IReadOnlyList<string> arguments, int none, CancellationToken cancellation)
    {
        var answer = await checkout.Git.Run(checkout.Root, cancellation, arguments);
        return answer.Ok || (answer.End == GitEnd.Exited && answer.ExitCode == none) ? answer : throw new GitException(GitFailure.Explain($"ask git ({arguments[0]})", answer));
    }

    private sealed record Setting(string Of, string Name, string Value);
}
