using System.Runtime.InteropServices;
using WatchReload.Bench;

// Interrupted or not, what was started is ended: exiting in order lets every workplace clean up.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Environment.Exit(130));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(143));
return await BenchCommand.Run(args, Console.Out, Console.Error);
