using System.Runtime.InteropServices;
using WatchReload.Bench;

// Interrupted or not, what was started is ended: exiting in order lets every workplace clean up.
var interrupted = false;
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => End(130));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => End(143));
try
{
    return await BenchCommand.Run(args, Console.Out, Console.Error);
}
catch (Exception) when (Volatile.Read(ref interrupted))
{
    // What it talked to was ended under its hands. The exit is on its way.
    return await new TaskCompletionSource<int>().Task;
}

void End(int exitCode)
{
    Volatile.Write(ref interrupted, true);
    Console.Error.WriteLine("Interrupted: the case under way is not recorded; what was started is ended.");
    Environment.Exit(exitCode);
}
