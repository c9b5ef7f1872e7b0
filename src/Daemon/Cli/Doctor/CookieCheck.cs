using WatchReload.Control;
using WatchReload.Daemon.Resident;

namespace WatchReload.Daemon.Cli.Doctor;

/// <summary>Who can read the cookie, and whether the processes that run go by it: each is asked for something that changes nothing, with a proof.</summary>
internal static class CookieCheck
{
    private const string Check = "cookie";

    public static async Task<IReadOnlyList<Finding>> Run(Workplace place, CancellationToken cancellation)
    {
        var cookie = place.State.Cookie;
        var running = Running(place).ToArray();
        if (!File.Exists(cookie))
        {
            return running.Length == 0
                ? [Finding.Ok(Check, "There is no cookie yet: the first start makes it.")]
                : [.. running.Select(one => Useless(one, $"{cookie} is missing, and {one.Title} goes by what was in it"))];
        }

        try
        {
            Cookie.Load(place.State);
        }
        catch (ControlException e)
        {
            return [Finding.Error(Check, e.Message, e.Remedy)];
        }

        var refused = new List<Finding>();
        foreach (var one in running)
        {
            if (!await Takes(place.State, one.Name, cancellation))
                refused.Add(Useless(one, $"{one.Title} was started with another cookie than is in {cookie}"));
        }

        return refused.Count > 0 ? refused : [Finding.Ok(Check, $"{cookie} is this user's alone{(running.Length == 0 ? "" : ", and what runs goes by it")}.")];
    }

    private static Finding Useless(Process one, string why) =>
        Finding.Error(Check, $"{why}: nothing can be ordered from it, not even to stop.", $"Put that cookie back; or end it in order by a signal, and start it again: kill {one.Pid}");

    /// <summary>False when the proof does not fit. What else goes wrong is for another check.</summary>
    private static async Task<bool> Takes(StateDirectory state, string name, CancellationToken cancellation)
    {
        try
        {
            using var client = new PipeClient(state, name);
            await client.Post("/v1/proof", cancellation);
            return true;
        }
        catch (PipeException e)
        {
            return e.Failure != PipeFailure.Unauthorized;
        }
        catch (ControlException)
        {
            return true;
        }
    }

    private static IEnumerable<Process> Running(Workplace place)
    {
        foreach (var node in place.Nodes)
        {
            if (Living(place.State, node.Name) is { } pid)
                yield return new Process(node.Name, $"Node {node.Name} (pid {pid})", pid);
        }

        if (Living(place.State, ResidentName.Value) is { } daemon)
            yield return new Process(ResidentName.Value, $"The daemon (pid {daemon})", daemon);
    }

    private static int? Living(StateDirectory state, string name)
    {
        try
        {
            return RendezvousFile.Read(state, name)?.Process() is { IsAlive: true } process ? process.Pid : null;
        }
        catch (ControlException)
        {
            return null; // the check of the pipe tells it
        }
    }

    private sealed record Process(string Name, string Title, int Pid);
}
