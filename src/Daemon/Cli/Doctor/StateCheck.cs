using WatchReload.Control;

namespace WatchReload.Daemon.Cli.Doctor;

/// <summary>Whether the state directory can be trusted and written.</summary>
internal static class StateCheck
{
    public static IEnumerable<Finding> Run(StateDirectory state)
    {
        if (!Directory.Exists(state.Root))
        {
            yield return Finding.Ok("state", $"{state.Root} is not there yet: the first start makes it.");
            yield break;
        }

        yield return State(state);
    }

    private static Finding State(StateDirectory state)
    {
        var probe = Path.Combine(state.Root, $"doctor-{Environment.ProcessId}");
        try
        {
            OwnedPath.EnsureState(state);
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (ControlException e)
        {
            return Finding.Error("state", e.Message, e.Remedy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Error("state", $"{state.Root} cannot be written: {e.Message}", "Give this user access, free space, or choose another state directory with --state.");
        }

        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(state.Root) & (UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute)) != 0
            ? Finding.Warning("state", $"Other users can look into {state.Root}.", $"Close it: chmod 700 {state.Root}")
            : Finding.Ok("state", $"{state.Root} is this user's alone, and can be written.");
    }
}
