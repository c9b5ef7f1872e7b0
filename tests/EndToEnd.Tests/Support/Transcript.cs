namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>What came from somewhere, in order; and waiting for what is still to come.</summary>
/// <param name="source">Its name, for messages.</param>
internal sealed class Transcript<T>(string source)
{
    private readonly Lock _lock = new();
    private readonly List<T> _items = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;
    private int _read;

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_lock)
                return [.. _items];
        }
    }

    public void Add(T item) => Change(() => _items.Add(item));

    /// <summary>Nothing more comes.</summary>
    public void End() => Change(() => _ended = true);

    /// <summary>The first one of that kind after the one that was waited for before; those between are passed over.</summary>
    public async Task<T> Next(Func<T, bool> wanted, string description)
    {
        var from = _read;
        var (item, at) = await Find(wanted, from, description);
        _read = at + 1;
        return item;
    }

    /// <summary>The first one of that kind at all.</summary>
    public async Task<T> First(Func<T, bool> wanted, string description) => (await Find(wanted, 0, description)).Item;

    public override string ToString() => $"{source}:\n{string.Join('\n', All.Select(i => $"  {i}"))}";

    private Task<(T Item, int At)> Find(Func<T, bool> wanted, int from, string description) => Deadline.Within(
        async cancellation =>
        {
            for (var at = from; ;)
            {
                Task more;
                lock (_lock)
                {
                    for (; at < _items.Count; at++)
                    {
                        if (wanted(_items[at]))
                            return (_items[at], at);
                    }

                    if (_ended)
                        throw new InvalidOperationException($"{source} ended without {description}.\n{this}");
                    more = _more.Task;
                }

                await more.WaitAsync(cancellation);
            }
        },
        () => $"{description} from {this}");

    private void Change(Action change)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            change();
            more = _more;
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        more.SetResult();
    }
}
