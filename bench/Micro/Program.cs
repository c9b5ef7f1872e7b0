using BenchmarkDotNet.Running;
using WatchReload.Bench.Micro;

// All, unless told which: --filter '*Mailbox*', --job short, --list flat. In one process: the hot paths are internal to the node,
// and a process for each benchmark would build the node again each time.
var chosen = args.Any(a => a is "--filter" or "-f" or "--list" or "--help") ? args : [.. args, "--filter", "*"];
var artifacts = Directory.CreateTempSubdirectory("watchreload-micro-");
try
{
    BenchmarkSwitcher.FromAssembly(typeof(Results).Assembly).Run([.. chosen, "--inProcess"], Results.Config(artifacts.FullName));
    return Results.Export(artifacts.FullName);
}
finally
{
    artifacts.Delete(recursive: true);
}
