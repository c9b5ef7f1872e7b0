using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WatchReload.Control;

/// <summary>Reads and writes once what goes through the pipe at an edit: what JSON knows of a type is made at its first use.</summary>
internal static class RecordsAhead
{
    public static void ReadAndWrite()
    {
        var delta = new AssemblyDelta { Assembly = "", Mvid = Guid.Empty, Generation = 1, Id = Guid.Empty, After = Guid.Empty, Metadata = [0], IL = [0], Symbols = [0], Sha256 = "", Types = [0], Remade = [""], Defaults = [ParameterDefault.Of("", "", "", 1)] };
        RoundTrip(ControlJson.Default.ReloadRequest, new ReloadRequest
        {
            Release = "",
            Directory = "",
            ManifestHash = "",
            ExpectInstance = "",
            ExpectVersion = 1,
            Fence = 1,
            Cause = "",
            Delta = new TreeDelta { SourceHash = "", Assemblies = [delta] },
        });
        RoundTrip(ControlJson.Default.ReloadEvent, new ReloadEvent { Phase = new ReloadPhase("", 0.5) });
        var notice = new ActorNotice("", "", "", DateTimeOffset.UnixEpoch);
        RoundTrip(ControlJson.Default.ReloadEvent, new ReloadEvent
        {
            Report = new ReloadReport { Verdict = ReloadVerdict.Committed, Release = "", Mvid = Guid.Empty, Phases = [new ReloadPhase("", 0.5)], Late = [notice], Warnings = [""] },
        });
        RoundTrip(ControlJson.Default.NodeStatus, new NodeStatus { Node = "", Instance = "", Pid = 1, Version = 1, Loaded = [new LoadedAssembly("", Guid.Empty, 1, Guid.Empty)] });
    }

    /// <summary>As the pipe does it: written to bytes; read from a text, and from a stream.</summary>
    private static void RoundTrip<T>(JsonTypeInfo<T> type, T value)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        JsonSerializer.Deserialize(Encoding.UTF8.GetString(bytes), type);
        using var stream = new MemoryStream(bytes);
        JsonSerializer.DeserializeAsync(stream, type).AsTask().GetAwaiter().GetResult();
    }
}
