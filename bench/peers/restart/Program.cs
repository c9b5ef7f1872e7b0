using System.Net;
using System.Runtime.InteropServices;
using WatchReload.Bench.Restart;

// keeper [--bind ADDRESS:PORT] COMMAND...
// Runs the command; SIGUSR1 stops it and starts it again (SIGHUP is ignored by all that nohup starts); SIGTERM ends both. With --bind it opens the listening socket itself and hands it
// down as LISTEN_FD, as socket activation does: clients that come while nobody serves wait in the backlog.
const int sigUsr1 = 10; // on Linux
using var bound = args is ["--bind", _, ..] ? new KeptSocket(IPEndPoint.Parse(args[1])) : null;
using var child = new Child(bound is null ? args : args[2..], bound);
using var restart = new SemaphoreSlim(0);
var ended = false;
using var again = PosixSignalRegistration.Create((PosixSignal)sigUsr1, signal => Handle(signal, end: false));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Handle(signal, end: true));

child.Start();
while (true)
{
    await restart.WaitAsync();
    await child.Stop();
    if (ended) return;
    child.Start();
}

void Handle(PosixSignalContext signal, bool end)
{
    signal.Cancel = true;
    ended |= end;
    restart.Release();
}
