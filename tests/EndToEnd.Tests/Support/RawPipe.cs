using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WatchReload.Control;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>The node's pipe as anybody can speak to it who can reach the socket: plain HTTP, and a proof made from what the protocol says of it.</summary>
internal sealed class RawPipe(string socket) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://node") };

    public async Task<string> Nonce()
    {
        using var answer = JsonDocument.Parse(await Deadline.Within(c => _http.GetStringAsync("/v1/nonce", c), () => "a nonce"));
        return answer.RootElement.GetProperty("nonce").GetString()!;
    }

    /// <summary>The status and the body of the answer.</summary>
    public async Task<(HttpStatusCode Status, string Text)> Post(string target, byte[] body, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        if (authorization is not null)
            Assert.True(request.Headers.TryAddWithoutValidation("Authorization", authorization));
        return await Deadline.Within(
            async cancellation =>
            {
                using var answer = await _http.SendAsync(request, cancellation);
                return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation));
            },
            () => $"an answer to {target}");
    }

    /// <summary>HMAC-SHA256 over version, nonce, method, target and the body's SHA-256, each after its length as four bytes, big-endian.</summary>
    public static string Proof(byte[] cookie, string nonce, string target, byte[] body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, cookie);
        foreach (var part in (byte[][])["1"u8.ToArray(), Encoding.UTF8.GetBytes(nonce), "POST"u8.ToArray(), Encoding.UTF8.GetBytes(target), SHA256.HashData(body)])
        {
            mac.AppendData([(byte)(part.Length >> 24), (byte)(part.Length >> 16), (byte)(part.Length >> 8), (byte)part.Length]);
            mac.AppendData(part);
        }

        return $"WatchReload v=1,nonce={nonce},mac={Convert.ToHexStringLower(mac.GetHashAndReset())}";
    }

    public static byte[] Cookie(StateDirectory state) => Convert.FromHexString(File.ReadAllText(state.Cookie).Trim());

    public void Dispose() => _http.Dispose();
}
