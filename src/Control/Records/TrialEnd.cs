namespace WatchReload.Control;

public enum TrialOutcome
{
    /// <summary>Probation is over, and the release is <c>current</c>.</summary>
    Passed,

    /// <summary>Too many actors failed and the node went back, or it died and started on <c>current</c>: the release is remembered as bad.</summary>
    TakenBack,

    /// <summary>Too many actors failed, but there is no way back without loss; or the node died, and was told to start on it all the same: it serves on.</summary>
    Kept,
}

/// <summary>How the trial of a version ended. A line of the answer to <c>GET /v1/trials</c>, which has the latest at once and later ones as they end.</summary>
public sealed record TrialEnd
{
    public required string Release { get; init; }

    /// <summary>Of what was on trial, which deltas may have made of the release; null when only the release is known.</summary>
    public string? ContentHash { get; init; }

    /// <summary>The version that was on trial; 0 when the node died on it.</summary>
    public required int Version { get; init; }

    public required TrialOutcome Outcome { get; init; }

    /// <summary>The version that serves since.</summary>
    public required int Serves { get; init; }

    /// <summary>When; with the node's name it tells one trial from all others.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How it stood at its end; null when the node died on it.</summary>
    public TrialRates? Rates { get; init; }

    /// <summary>Why it did not pass; all causes together, each with its remedy.</summary>
    public IReadOnlyList<string> Problems { get; init => field = value ?? []; } = [];
}

/// <summary>What decides over a trial; see <see cref="TrialStatus"/>.</summary>
/// <param name="ForSeconds">How long it has been on trial.</param>
/// <param name="Failed">Distinct actors that failed since the commit.</param>
/// <param name="Failures">Turns that failed since the commit.</param>
/// <param name="Expected">The most distinct actors that failed in any time as long of the ten minutes before.</param>
public sealed record TrialRates(double ForSeconds, int Failed, int Failures, double Expected);
