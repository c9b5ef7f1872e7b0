namespace WatchReload.Control;

/// <summary>The names of everything below the state directory. Says where things are; makes nothing.</summary>
/// <param name="Root">Absolute path; mode 0700.</param>
public sealed record StateDirectory(string Root)
{
    /// <summary>32 random bytes in hex, mode 0600: whoever can read it may command node and daemon.</summary>
    public string Cookie => Path.Combine(Root, "cookie");
    public string Run => Path.Combine(Root, "run");
    public string Releases => Path.Combine(Root, "releases");
    public string Packages => Path.Combine(Root, "packages");
    public string Build => Path.Combine(Root, "build");
    public string Logs => Path.Combine(Root, "logs");
    public string History => Path.Combine(Root, "history.jsonl");
    public string Sequence => Path.Combine(Root, "sequence");
    public string DaemonLock => Path.Combine(Root, "daemon.lock");
    public string PullLock => Path.Combine(Root, "pull.lock");

    /// <summary>Content hashes of releases that failed on trial, a line each.</summary>
    public string Bad => Path.Combine(Root, "bad");

    /// <summary>Held while releases are staged or pruned.</summary>
    public string ReleasesLock => Path.Combine(Root, "releases.lock");

    /// <summary>Shared by those that use the release; held alone by who deletes it.</summary>
    public string ReleaseLock(string id) => Path.Combine(Releases, id + ".lock");

    /// <summary>How the release was built, for people.</summary>
    public string ReleaseLog(string id) => Path.Combine(Releases, id + ".log");

    public string Release(string id) => Path.Combine(Releases, id);
    public string PackageSet(string hash) => Path.Combine(Packages, hash);

    public string NodeDirectory(string node) => Path.Combine(Root, "nodes", node);

    /// <summary>Id of the release that has passed probation; written by the node, synced.</summary>
    public string Current(string node) => Path.Combine(NodeDirectory(node), "current");

    /// <summary>Id of the release on trial; absent when none is.</summary>
    public string Trial(string node) => Path.Combine(NodeDirectory(node), "trial");

    /// <summary>A <see cref="FallenBack"/>, written by whoever starts the node; absent when it starts on what it chooses.</summary>
    public string Fallback(string node) => Path.Combine(NodeDirectory(node), "fallback");

    /// <summary>Held locked by the node for its life.</summary>
    public string NodeLock(string node) => Path.Combine(NodeDirectory(node), "lock");

    /// <summary>Why the last start of the node failed: a <see cref="ReloadReport"/>; removed by a start that works.</summary>
    public string StartFailure(string node) => Path.Combine(NodeDirectory(node), "start-failure.json");

    /// <summary>How the node's last process ended, when it did so in order: exit code and pid; removed by the next start. For a supervisor that is not its parent.</summary>
    public string Ended(string node) => Path.Combine(NodeDirectory(node), "ended");

    /// <summary>Where a process's pipe is: <c>run/NAME.json</c>. NAME is a node's, or <c>daemon</c>, or <c>builder</c>.</summary>
    public string Rendezvous(string name) => Path.Combine(Run, name + ".json");
    public string Socket(string name) => Path.Combine(Run, name + ".sock");

    /// <summary>Held locked by whoever listens under that name.</summary>
    public string PipeLock(string name) => Path.Combine(Run, name + ".lock");
}
