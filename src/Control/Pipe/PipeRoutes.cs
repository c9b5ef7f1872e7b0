namespace WatchReload.Control;

/// <summary>What the server and the client of the pipe agree upon.</summary>
internal static class PipeRoutes
{
    public const string Version = "/v1";
    public const string Nonce = "/v1/nonce";

    /// <summary>Names a request that can be referred to later, in the headers of the answer.</summary>
    public const string IdHeader = "WatchReload-Id";

    public const string JsonLines = "application/x-ndjson";
}
