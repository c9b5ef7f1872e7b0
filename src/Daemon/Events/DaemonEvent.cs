using System.Text.Json.Serialization;

namespace WatchReload.Daemon.Events;

/// <summary>
/// Something that happened, told in the same words to a person (a line on a terminal), to a program (<c>--json</c>) and over the
/// daemon's pipe. The last event of an attempt is its verdict. Names and fields are interface: add, do not rename.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(NodeStarted), "node.started")]
[JsonDerivedType(typeof(NodeAdopted), "node.adopted")]
[JsonDerivedType(typeof(NodeExited), "node.exited")]
[JsonDerivedType(typeof(ChangeDetected), "change.detected")]
[JsonDerivedType(typeof(BuildStarted), "build.started")]
[JsonDerivedType(typeof(BuildFinished), "build.finished")]
[JsonDerivedType(typeof(BuildAnalyzed), "build.analyzed")]
[JsonDerivedType(typeof(BuildFailed), "build.failed")]
[JsonDerivedType(typeof(ReloadCommitted), "reload.committed")]
[JsonDerivedType(typeof(ReloadUnchanged), "reload.unchanged")]
[JsonDerivedType(typeof(ReloadRehearsed), "reload.rehearsed")]
[JsonDerivedType(typeof(ReloadSuperseded), "reload.superseded")]
[JsonDerivedType(typeof(ReloadRefused), "reload.refused")]
[JsonDerivedType(typeof(TrialFailed), "trial.failed")]
[JsonDerivedType(typeof(VersionUnloaded), "version.unloaded")]
[JsonDerivedType(typeof(VersionLingering), "version.lingering")]
[JsonDerivedType(typeof(RollbackStarted), "rollback.started")]
[JsonDerivedType(typeof(RollbackFinished), "rollback.finished")]
[JsonDerivedType(typeof(DeployFrozen), "deploy.frozen")]
[JsonDerivedType(typeof(DeployUnfrozen), "deploy.unfrozen")]
[JsonDerivedType(typeof(GitPulled), "git.pulled")]
[JsonDerivedType(typeof(GitRefused), "git.refused")]
internal abstract record DaemonEvent
{
    /// <summary>UTC; stamped when it is emitted.</summary>
    [JsonPropertyOrder(-1)]
    public DateTime Time { get; init; }
}
