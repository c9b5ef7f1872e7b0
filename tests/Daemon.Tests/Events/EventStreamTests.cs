using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Tests.Events;

public sealed class EventStreamTests
{
    [Fact(Timeout = 60_000)]
    public async Task Output_on_a_full_disk_is_told_of_once_and_the_others_have_every_event()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There a device is always full.");
        await Task.Yield();
        var logged = new Logged();
        using var factory = new SerilogLoggerFactory(new LoggerConfiguration().WriteTo.Sink(logged).CreateLogger(), dispose: true);
        var stream = new EventStream(TimeProvider.System, factory.CreateLogger<EventStream>());
        var full = new StreamWriter(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        var others = new EventLog();
        stream.Attach(new JsonEvents(full));
        stream.Attach(others);

        stream.Emit(new DeployUnfrozen("ann", true));
        stream.Emit(new DeployUnfrozen("ben", true));

        Assert.Equal(["ann", "ben"], others.All.Cast<DeployUnfrozen>().Select(e => e.By));
        Assert.IsType<IOException>(Assert.Single(logged.All).Exception, exactMatch: false);
    }

    private sealed class Logged : ILogEventSink
    {
        public List<LogEvent> All { get; } = [];

        public void Emit(LogEvent logEvent) => All.Add(logEvent);
    }
}
