namespace WatchReload.Daemon.Resident;

/// <summary>
/// The answers that a defect cut. A cut says nothing of its cause, and a line that does would look like an event: so whoever has lost an answer
/// asks by its id. The latest are kept, as it is asked for at once.
/// </summary>
internal sealed class CutAnswers
{
    public const string Route = "/v1/cut/{id}";
    private const int Kept = 32;
    private readonly Lock _lock = new();
    private readonly Queue<(string Id, Exception Defect)> _latest = new();

    public void Add(string id, Exception defect)
    {
        lock (_lock)
        {
            _latest.Enqueue((id, defect));
            if (_latest.Count > Kept)
                _latest.Dequeue();
        }
    }

    /// <summary>What cut that answer; null when none of these did, or it is long ago.</summary>
    public Exception? Of(string id)
    {
        lock (_lock)
            return _latest.FirstOrDefault(cut => cut.Id == id).Defect;
    }
}
