namespace WatchReload.Control.Tests;

/// <summary>A state directory of a test's own; gone at its end.</summary>
internal sealed class TemporaryState : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("wr-control-");

    public TemporaryState(string name = "state") => State = new StateDirectory(Path.Combine(_parent.FullName, name));

    public StateDirectory State { get; }

    public string Parent => _parent.FullName;

    public void Dispose() => _parent.Delete(recursive: true);
}
