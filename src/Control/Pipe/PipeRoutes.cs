namespace WatchReload.Control;

/// <summary>What the server and the client of the pipe agree upon.</summary>
internal static class PipeRoutes
{
    public const string Version = "/v1";
    public const string Nonce = "/v1/nonce";

    /// <summary>Does nothing for whoever proves the cookie, and refuses others: a way to ask whether it is the right one. A process that does not have it yet refuses the others all the same.</summary>
    public const string Proof = "/v1/proof";

    /// <summary>Names a request that can be referred to later, in the headers of the answer.</summary>
    public const string IdHeader = "WatchReload-Id";

    /// <summary>In a request: <see cref="NextNonce"/>. In its answer: a nonce for a later one. Who does not know it neither asks nor answers.</summary>
    public const string NonceHeader = "WatchReload-Nonce";

    public const string NextNonce = "next";

    public const string JsonLines = "application/x-ndjson";
}
