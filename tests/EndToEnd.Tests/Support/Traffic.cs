using System.Collections.Concurrent;
using System.Globalization;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>Many connections that ping all the time, and find fault with every answer that is not the next one.</summary>
/// <remarks>
/// Theory of operation. Each connection goes in rounds. In a round it sends, in one write, a ping, what it is asked to ask, and a ping
/// again; then it reads that many answers. The k-th ping carries k, and its answer must be <c>pong k k</c>: so no count is lost or
/// repeated, answers keep the order of the lines, and the connection was never closed. The first fault of any connection is thrown by
/// whatever the test does next with the traffic.
/// </remarks>
internal sealed class Traffic : IAsyncDisposable
{
    public const int Usual = 64;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private readonly CancellationTokenSource _stop = new();
    private readonly Member[] _members;
    private readonly Task _all;
    private readonly Task _fault;

    private Traffic(IEnumerable<ChatClient> clients)
    {
        _members = [.. clients.Select(c => new Member(c))];
        Task[] loops;
        using (ExecutionContext.SuppressFlow()) // it may be shared by tests, and outlives the one that started it
            loops = [.. _members.Select(m => Task.Run(() => m.Run(_stop.Token)))];
        _all = Task.WhenAll(loops);
        _fault = FirstFault(loops);
    }

    public int Count => _members.Length;

    /// <summary>Pings that were answered as they should be.</summary>
    public long Answered => _members.Sum(m => (long)m.Pings);

    /// <param name="checkout">Whose service.</param>
    /// <param name="connections">How many.</param>
    /// <param name="names">What their names begin with: those of a test before may not be free yet.</param>
    public static async Task<Traffic> Start(Checkout checkout, int connections = Usual, string names = "c")
    {
        var clients = new List<ChatClient>();
        try
        {
            for (var i = 0; i < connections; i++)
                clients.Add(await checkout.Connect(NameOf(i, names)));
        }
        catch
        {
            clients.ForEach(c => c.Dispose());
            throw;
        }

        var traffic = new Traffic(clients);
        await traffic.Round();
        return traffic;
    }

    public static string NameOf(int connection, string names = "c") => string.Create(CultureInfo.InvariantCulture, $"{names}{connection:00}");

    /// <summary>Every connection asks, amid its pings; the answers, by connection.</summary>
    public async Task<IReadOnlyList<string>> Ask(string line)
    {
        var answers = Task.WhenAll(_members.Select(m => m.Ask(line)));
        await Deadline.Within(_ => Task.WhenAny(answers, _fault), () => $"answers to {line} on all connections");
        if (_fault.IsCompleted)
            await _fault;
        return await answers;
    }

    /// <summary>Every connection asks, and all get the same answer.</summary>
    public async Task<string> Agree(string line) => Assert.Single((await Ask(line)).Distinct());

    /// <summary>Every connection sends a line that has no answer, amid its pings.</summary>
    public async Task Tell(string line)
    {
        var told = Task.WhenAll(_members.Select(m => m.Tell(line)));
        await Deadline.Within(_ => Task.WhenAny(told, _fault), () => $"that all connections send {line}");
        if (_fault.IsCompleted)
            await _fault;
    }

    /// <summary>Every connection pings and is answered, after now.</summary>
    public async Task Round() => Assert.Equal("? unknown command", await Agree("/round"));

    /// <summary>No more pings; every one that was sent is answered. How many, by connection.</summary>
    public async Task<IReadOnlyList<int>> Stop()
    {
        await _stop.CancelAsync();
        await Deadline.Within(_ => _all, () => "the last answers on all connections");
        return [.. _members.Select(m => m.Pings)];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var member in _members)
            member.Client.Dispose();
        await _all.ContinueWith(_ => { }, TaskScheduler.Default); // a fault was for the test to see; closing the sockets makes more
        _stop.Dispose();
    }

    private static async Task FirstFault(Task[] loops)
    {
        await foreach (var loop in Task.WhenEach(loops))
            await loop;
        await new TaskCompletionSource().Task; // none has failed: there is nothing to tell
    }

    private sealed class Member(ChatClient client)
    {
        private readonly ConcurrentQueue<Question> _questions = new();

        public ChatClient Client => client;
        public int Pings { get; private set; }

        public Task<string> Ask(string line) => Enqueue(new Question(line, HasAnswer: true));

        public Task Tell(string line) => Enqueue(new Question(line, HasAnswer: false));

        public async Task Run(CancellationToken stop)
        {
            using var pace = new PeriodicTimer(Pace);
            try
            {
                while (await pace.WaitForNextTickAsync(stop))
                    await Round();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Between two rounds, so nothing is unanswered.
            }
        }

        private async Task Round()
        {
            var questions = new List<Question>();
            while (_questions.TryDequeue(out var question))
                questions.Add(question);
            await client.Send([$"/ping {Pings + 1}", .. questions.Select(q => q.Line), $"/ping {Pings + 2}"]);
            await Pong();
            foreach (var question in questions)
                question.Answer.SetResult(question.HasAnswer ? await client.Read() ?? throw Closed() : "");
            await Pong();
        }

        private Task<string> Enqueue(Question question)
        {
            _questions.Enqueue(question);
            return question.Answer.Task;
        }

        private async Task Pong()
        {
            var answer = await client.Read() ?? throw Closed();
            Pings++;
            if (answer != $"pong {Pings} {Pings}")
                throw new InvalidOperationException($"{client.Name} expected \"pong {Pings} {Pings}\" and got \"{answer}\".");
        }

        private sealed record Question(string Line, bool HasAnswer)
        {
            public TaskCompletionSource<string> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        private InvalidOperationException Closed() => new($"The connection of {client.Name} was closed after {Pings} pings.");
    }
}
