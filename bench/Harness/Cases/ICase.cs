using WatchReload.Bench.Results;

namespace WatchReload.Bench.Cases;

/// <summary>One question that is measured.</summary>
internal interface ICase
{
    /// <summary>As on the command line.</summary>
    string Name { get; }

    /// <summary>What it measures, in one line.</summary>
    string Summary { get; }

    Task Run(BenchOptions options, Recorder recorder);
}
