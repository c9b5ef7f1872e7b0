using WatchReload.Builder.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Builder;

/// <summary>What <see cref="BuildQueue"/> has done, one piece at a time.</summary>
internal interface IBuildWork : IDisposable
{
    /// <summary>Version of the SDK; null while none has been asked for.</summary>
    string? Sdk { get; }

    /// <summary>Whether there was something to anticipate with when the last piece of work ended. Asked while others work.</summary>
    bool CanAnticipate { get; }

    /// <summary>Whether the way of an edit was warm and practised when the last piece of work ended. Asked while others work.</summary>
    bool IsReady { get; }

    /// <summary>Whose generators and analyzers run; null when none do. Asked while others work.</summary>
    BuildProgress? Now { get; }

    BuildOutcome Build(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation);

    /// <summary>Goes the way of an edit that nobody has made; nothing comes of the answer. It succeeds when there is such a way, also one to no delta.</summary>
    BuildOutcome Practise(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation);

    /// <summary>What the analyzers say that the last build did not wait for; null when there is nothing to say.</summary>
    BuildOutcome? Analyze(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation);

    /// <summary>Loads what the first build needs.</summary>
    void WarmUp(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation);

    /// <summary>Makes what the build of a save will ask for that has just been noticed, or makes it ready where that is no delta. Null: there was nothing to be done.</summary>
    BuildOutcome? Anticipate(BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation);

    /// <summary>What makes the next build fast.</summary>
    void UseIdleTime(CancellationToken cancellation);
}
