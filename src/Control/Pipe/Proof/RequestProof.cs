using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace WatchReload.Control;

/// <summary>
/// The proof that a request comes from one who holds the cookie, and is this very request. As a header:
/// <c>Authorization: WatchReload v=1,nonce=N,mac=HEX</c>.
/// </summary>
/// <remarks>
/// HMAC-SHA256 with the cookie as key over version, nonce, method, target (path and query as sent) and the SHA-256 of the body. Each
/// part is preceded by its length, four bytes, big-endian, so that no two different requests give the same bytes.
/// </remarks>
internal readonly record struct RequestProof(string Nonce, string Mac)
{
    public const string Scheme = "WatchReload";
    private const string Version = "1";

    public static RequestProof Make(Cookie cookie, string nonce, string method, string target, ReadOnlySpan<byte> body) =>
        new(nonce, Convert.ToHexStringLower(Compute(cookie, nonce, method, target, body)));

    /// <summary>Whether the proof fits the request; takes the same time wherever it does not.</summary>
    public bool Fits(Cookie cookie, string method, string target, ReadOnlySpan<byte> body)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        return Convert.FromHexString(Mac, given, out _, out var length) == System.Buffers.OperationStatus.Done
            && length == SHA256.HashSizeInBytes
            && CryptographicOperations.FixedTimeEquals(given, Compute(cookie, Nonce, method, target, body));
    }

    /// <summary>The header's value after the scheme.</summary>
    public string Parameter => $"v={Version},nonce={Nonce},mac={Mac}";

    public static bool TryParse(string? header, [NotNullWhen(true)] out RequestProof? proof)
    {
        proof = null;
        if (header is null || !header.StartsWith(Scheme + " ", StringComparison.Ordinal))
            return false;
        var parts = header[(Scheme.Length + 1)..].Split(',');
        if (parts.Length != 3 || parts[0] != "v=" + Version
            || !parts[1].StartsWith("nonce=", StringComparison.Ordinal) || !parts[2].StartsWith("mac=", StringComparison.Ordinal))
            return false;
        proof = new RequestProof(parts[1]["nonce=".Length..], parts[2]["mac=".Length..]);
        return true;
    }

    private static byte[] Compute(Cookie cookie, string nonce, string method, string target, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, cookie.Key);
        Append(hmac, Encoding.UTF8.GetBytes(Version));
        Append(hmac, Encoding.UTF8.GetBytes(nonce));
        Append(hmac, Encoding.UTF8.GetBytes(method));
        Append(hmac, Encoding.UTF8.GetBytes(target));
        Append(hmac, SHA256.HashData(body));
        return hmac.GetHashAndReset();
    }

    private static void Append(IncrementalHash hmac, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hmac.AppendData(length);
        hmac.AppendData(part);
    }
}
