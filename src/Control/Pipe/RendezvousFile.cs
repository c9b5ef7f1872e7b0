using System.Text.Json;

namespace WatchReload.Control;

/// <summary>Says where a process listens. There while it listens; left behind only by one that was killed.</summary>
public static class RendezvousFile
{
    /// <summary>The rendezvous of that name, whether or not its process still lives; null when there is none.</summary>
    /// <exception cref="StateException">It cannot be read, or is damaged.</exception>
    public static Rendezvous? Read(StateDirectory state, string name)
    {
        ArgumentNullException.ThrowIfNull(state);
        var path = state.Rendezvous(name);
        try
        {
            var rendezvous = JsonSerializer.Deserialize(File.ReadAllBytes(path), ControlJson.Default.Rendezvous);
            return rendezvous is { Address: { } address, Instance: not null, Pid: > 0 } && PipeAddress.IsAddress(address)
                ? rendezvous
                : throw new JsonException("it does not say where which process listens");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StateException($"{path} cannot be read: {e.Message}", "Run as the user that node and daemon run as.", e);
        }
        catch (JsonException e)
        {
            throw new StateException($"{path} is damaged: {e.Message}", $"Restart the process \"{name}\"; it writes the file anew.", e);
        }
    }

    internal static void Write(StateDirectory state, string name, Rendezvous rendezvous) =>
        DurableFile.Write(state.Rendezvous(name), JsonSerializer.SerializeToUtf8Bytes(rendezvous, ControlJson.Default.Rendezvous));
}

/// <summary>What a rendezvous tells of its process.</summary>
public static class RendezvousProcess
{
    public static ProcessIdentity Process(this Rendezvous rendezvous)
    {
        ArgumentNullException.ThrowIfNull(rendezvous);
        return new ProcessIdentity(rendezvous.Pid, rendezvous.StartTime);
    }
}
