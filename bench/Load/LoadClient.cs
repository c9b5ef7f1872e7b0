using System.Collections.Concurrent;
using System.Net;

namespace WatchReload.Bench.Load;

/// <summary>Carries out requests on a fleet, on one thread, and answers each.</summary>
internal sealed class LoadClient(Action<LoadAnswer> answer) : IDisposable
{
    private const int GreetedTogether = 100;
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(20);
    private readonly BlockingCollection<LoadRequest> _requests = [];
    private Fleet? _fleet;
    private int _seekId;
    private long _seekDeadline;

    public void Post(LoadRequest request) => _requests.Add(request);

    /// <summary>No more requests: <see cref="Run"/> ends.</summary>
    public void Complete() => _requests.CompleteAdding();

    public void Run()
    {
        while (!_requests.IsCompleted)
        {
            if (_requests.TryTake(out var request, _fleet is null ? Idle : TimeSpan.Zero)) Do(request);
            _fleet?.Step();
            if (_fleet?.Seek is { } seek && seek.IsOver(Clock.Now)) EndSeek(seek);
        }
    }

    public void Dispose()
    {
        _fleet?.Dispose();
        _requests.Dispose();
    }

    private void Do(LoadRequest request)
    {
        try
        {
            if (request.Do == "seek") BeginSeek(request);
            else answer(Carry(request, request.Do == "connect" ? Connect(request) : Running()));
        }
        catch (InvalidOperationException e)
        {
            answer(new LoadAnswer(request.Id) { Error = e.Message });
        }
    }

    private static LoadAnswer Carry(LoadRequest request, Fleet fleet)
    {
        var done = new LoadAnswer(request.Id);
        switch (request.Do)
        {
            case "connect":
                break;
            case "load":
                fleet.Load(request.Rate);
                break;
            case "pump":
                fleet.Pump(request.Depth);
                break;
            case "quiesce":
                done = done with { SendLag = LatencyFigures.Of(fleet.SendLag) };
                Quiesce(fleet, request.Seconds);
                break;
            case "forget":
                fleet.Samples.Clear();
                fleet.Counts.LongestOutage = 0;
                break;
            case "measure":
                done = done with { Windows = request.Windows.ToDictionary(w => w.Key, w => LatencyFigures.Of(fleet.Samples.Within(w.Value))) };
                break;
            case "counts":
                break;
            default:
                throw new InvalidOperationException($"\"{request.Do}\" is not a request.");
        }

        return done with { Counts = fleet.Counts with { } };
    }

    private Fleet Connect(LoadRequest request)
    {
        if (_fleet is not null) throw new InvalidOperationException("It is connected already.");
        var fleet = new Fleet(IPEndPoint.Parse(request.Endpoint ?? throw new InvalidOperationException("connect needs an endpoint.")));
        _fleet = fleet;
        var deadline = Clock.Now + (long)(request.Seconds * Clock.Second);
        for (var made = 0; made < request.Connections || fleet.Ready < request.Connections;)
        {
            // In groups, so that no listener's backlog overflows.
            if (made < request.Connections && made - fleet.Ready < GreetedTogether && fleet.TryAdd($"{request.Names}{made}")) made++;
            else fleet.Step();
            if (Clock.Now > deadline) throw new InvalidOperationException($"Only {fleet.Ready} of {request.Connections} connections were greeted in {request.Seconds} s.");
        }

        return fleet;
    }

    private static void Quiesce(Fleet fleet, double seconds)
    {
        fleet.Load(0);
        var deadline = Clock.Now + (long)(seconds * Clock.Second);
        while (fleet.Open > 0 && Clock.Now < deadline) fleet.Step();
        foreach (var connection in fleet.Connections) fleet.Counts.Unanswered += connection.Ledger.Abandon();
    }

    private void BeginSeek(LoadRequest request)
    {
        var now = Clock.Now;
        _seekId = request.Id;
        _seekDeadline = now + (long)(request.Seconds * Clock.Second);
        Running().Seek = new VersionSeek(request.Version ?? throw new InvalidOperationException("seek needs a version."), request.Rate, Running().Connections.Count, now, _seekDeadline);
    }

    private void EndSeek(VersionSeek seek)
    {
        _fleet!.Seek = null;
        answer(new LoadAnswer(_seekId) { Counts = _fleet.Counts with { }, Found = new(seek.Found, seek.Started, seek.LastOld, seek.First, seek.Last) });
    }

    private Fleet Running() => _fleet ?? throw new InvalidOperationException("connect comes first.");
}
