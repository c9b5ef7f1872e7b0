namespace WatchReload.Daemon.Configuration;

/// <summary>What one reading of the configuration has come upon so far.</summary>
/// <param name="layers">Later ones override.</param>
internal sealed class Reading(IReadOnlyList<Layer> layers)
{
    public IReadOnlyList<Layer> Layers => layers;
    public List<ConfigurationError> Problems { get; } = [];

    /// <summary>By path; filled as settings are asked for.</summary>
    public Dictionary<string, KnownKey> Keys { get; } = [];

    /// <summary>Of settings that were given well: the value that counts, with its layer.</summary>
    public Dictionary<string, Field> Given { get; } = [];

    /// <summary>Paths of settings that were given, be it badly.</summary>
    public HashSet<string> Tried { get; } = [];

    /// <summary>Paths of settings whose last source could not be read: what counts then is not what was meant.</summary>
    public HashSet<string> Misread { get; } = [];

    /// <summary>Groups and list items that were read, to be checked for keys that nobody asked for.</summary>
    public List<Section> Sections { get; } = [];

    /// <summary>What is wrong with the value that counts, as found when its parts were put together.</summary>
    public void Fail(string path, string problem, string remedy) => Given[path].Fail(problem, remedy);

    public void RefuseUnknownKeys()
    {
        foreach (var section in Sections)
            section.RefuseUnknownKeys();
    }
}
