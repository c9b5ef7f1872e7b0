namespace WatchReload.Bench.Load;

/// <summary>What happened to all messages so far. All but the first two are 0 when nothing is wrong.</summary>
internal sealed record Counts
{
    public long Sent { get; set; }

    /// <summary>To pings, each the right one.</summary>
    public long Replies { get; set; }

    /// <summary>Passed over by a later reply on the same connection, and never answered since.</summary>
    public long Gaps { get; set; }

    /// <summary>Replies to what was answered before, or never asked.</summary>
    public long Duplicates { get; set; }

    /// <summary>Answered after a later one.</summary>
    public long OutOfOrder { get; set; }

    /// <summary>The right reply, but the connection's count in it is wrong: state was lost or doubled.</summary>
    public long WrongCounts { get; set; }

    /// <summary>Lines that answer nothing.</summary>
    public long Strange { get; set; }

    /// <summary>Sent on connections that were lost before the answer came.</summary>
    public long Dropped { get; set; }

    /// <summary>Sent and not answered by the end of the patience of <c>quiesce</c>.</summary>
    public long Unanswered { get; set; }

    /// <summary>Due while there was no connection to send them on.</summary>
    public long Unsent { get; set; }

    /// <summary>Closed or reset by the other side after they had been greeted.</summary>
    public long ConnectionsLost { get; set; }

    public long Reconnected { get; set; }

    /// <summary>Nanoseconds from the loss of a connection until it was greeted again, the longest since the last <c>forget</c>.</summary>
    public long LongestOutage { get; set; }

    /// <summary>The sum of all that must not be when a service goes on.</summary>
    public long Faults => Gaps + Duplicates + OutOfOrder + WrongCounts + Strange + Dropped + Unanswered + Unsent + ConnectionsLost;
}
