using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using WatchReload.Control;

namespace WatchReload.Fixtures.StubNode;

/// <summary>
/// A process that looks like a node to its supervisor, and does what the test wants by STUB_MODE: <c>serve</c>, <c>refuse</c> (a start that
/// fails, with its reasons on disk; by STUB_REFUSES on those releases alone), <c>crash</c>, <c>silent</c> (never listens), <c>policy</c> (ends in order with exit code 1 when it is asked to stop). The process whose id is in the node's file
/// <c>hangs</c> answers nothing any more. It ends with the process STUB_OWNER.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        string? Value(string option) => Array.IndexOf(args, option) is >= 0 and var i ? args[i + 1] : null;
        var state = new StateDirectory(Value("--state")!);
        var name = Value("--name")!;
        Directory.CreateDirectory(state.NodeDirectory(name));
        await File.AppendAllTextAsync(Path.Combine(state.NodeDirectory(name), "starts"), (Value("--release") ?? "-") + "\n");
        var current = File.Exists(state.Current(name)) ? (await File.ReadAllTextAsync(state.Current(name))).Trim() : null;
        if (Environment.GetEnvironmentVariable("STUB_REFUSES") is { Length: > 0 } refused && (Value("--release") ?? current) is { } bad && refused.Split(' ').Contains(bad))
        {
            Refuse(state, name, new ReloadReport { Verdict = ReloadVerdict.Refused, Release = bad, Problems = [$"{bad} cannot be loaded."] });
            return 4;
        }

        switch (Environment.GetEnvironmentVariable("STUB_MODE"))
        {
            case "refuse":
                Refuse(state, name, new ReloadReport { Verdict = ReloadVerdict.Refused, Problems = ["127.0.0.1:7000 is in use. Stop the other process, or set Chat:Endpoint."], Transient = true });
                return 4;
            case "crash":
                return 134;
            case "silent":
                await OwnerGone();
                return 0;
            default:
                return await Serve(state, name, Value("--release"));
        }
    }

    private static void Refuse(StateDirectory state, string name, ReloadReport report) =>
        DurableFile.Write(state.StartFailure(name), JsonSerializer.SerializeToUtf8Bytes(report, ControlJson.Default.ReloadReport));

    private static async Task<int> Serve(StateDirectory state, string name, string? release)
    {
        var ended = new TaskCompletionSource();
        var instance = Guid.NewGuid().ToString("n");
        await using var pipe = await PipeServer.Start(new PipeServerOptions { State = state, Name = name, Instance = instance }, routes =>
        {
            routes.MapGet("/v1/status", context => Unless(Hangs, context, () => context.WriteJson(
                new NodeStatus { Node = name, Pid = Environment.ProcessId, Instance = instance, Version = 1, Release = release ?? "r000001" },
                ControlJson.Default.NodeStatus)));
            routes.MapPost("/v1/stop", context => Unless(Hangs, context, () =>
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                ended.TrySetResult();
                return Task.CompletedTask;
            }));
        });
        await Task.WhenAny(ended.Task, OwnerGone());
        var code = Environment.GetEnvironmentVariable("STUB_MODE") == "policy" ? 1 : 0;
        if (ended.Task.IsCompleted)
            DurableFile.Write(state.Ended(name), string.Create(CultureInfo.InvariantCulture, $"{code} {Environment.ProcessId}\n"));
        return code;

        bool Hangs()
        {
            var file = Path.Combine(state.NodeDirectory(name), "hangs");
            return File.Exists(file) && File.ReadAllText(file) == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Whoever asks does not wait for a deadline.</summary>
    private static Task Unless(Func<bool> hangs, HttpContext context, Func<Task> answer)
    {
        if (!hangs())
            return answer();
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Outlives its daemon, as a node does, but not the test.</summary>
    private static async Task OwnerGone()
    {
        using var owner = Process.GetProcessById(int.Parse(Environment.GetEnvironmentVariable("STUB_OWNER")!, CultureInfo.InvariantCulture));
        await owner.WaitForExitAsync();
    }
}
