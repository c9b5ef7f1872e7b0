namespace WatchReload.Daemon.Tests.Resident;

/// <summary>A daemon has no defect that a test could count on.</summary>
internal sealed class DefectiveClock : TimeProvider
{
    public const string Message = "The clock has a defect.";

    public bool Fails { get; set; }

    public override DateTimeOffset GetUtcNow() => Fails ? throw new InvalidOperationException(Message) : base.GetUtcNow();
}
