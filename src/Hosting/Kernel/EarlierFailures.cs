namespace WatchReload.Hosting.Kernel;

/// <summary>The failures of a stretch of time, oldest first.</summary>
/// <param name="length">How long it was.</param>
internal sealed class EarlierFailures(IReadOnlyList<EarlierFailure> failures, TimeSpan length)
{
    /// <summary>One early failure on a node that has just started would else be as many as there are seconds on trial.</summary>
    private const double MostLonger = 2;

    /// <summary>
    /// The most distinct actors, and the most distinct causes, that failed in any time so long. Distinct ones do not add up as time passes, as the same ones fail again: so like times are
    /// compared. Only of a time that is longer than the whole stretch nothing better is known than that it would have gone on like that,
    /// but not for how long: so it is taken for no more than <see cref="MostLonger"/> times as many.
    /// </summary>
    public (double Actors, double Causes) MostWithin(TimeSpan time)
    {
        var (actors, causes) = (new Distinct<long>(), new Distinct<Cause>());
        var first = 0;
        foreach (var failure in failures)
        {
            for (; failures[first].Ago - failure.Ago > time; first++)
            {
                actors.Remove(failures[first].Actor);
                causes.Remove(failures[first].Cause);
            }

            actors.Add(failure.Actor);
            causes.Add(failure.Cause);
        }

        var longer = length > TimeSpan.Zero && time > length ? Math.Min(MostLonger, time / length) : 1;
        return (longer * actors.Most, longer * causes.Most);
    }

    private sealed class Distinct<T> where T : notnull
    {
        private readonly Dictionary<T, int> _counts = [];

        public int Most { get; private set; }

        public void Add(T one)
        {
            _counts[one] = _counts.GetValueOrDefault(one) + 1;
            Most = Math.Max(Most, _counts.Count);
        }

        public void Remove(T one)
        {
            if (--_counts[one] == 0) _counts.Remove(one);
        }
    }
}

/// <param name="Ago">How long before the end of the stretch.</param>
internal readonly record struct EarlierFailure(TimeSpan Ago, long Actor, Cause Cause);
