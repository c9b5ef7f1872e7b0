using BenchmarkDotNet.Attributes;
using WatchReload.Control;

namespace WatchReload.Bench.Micro.Proof;

/// <summary>What one command over the pipe pays for its proof: made by who asks, checked by who answers.</summary>
public class ProofBenchmarks
{
    private const string Nonce = "00112233445566778899aabbccddeeff";
    private readonly byte[] _body = new byte[512];
    private Cookie _cookie = null!;
    private RequestProof _proof;

    [GlobalSetup]
    public void Make()
    {
        var state = Directory.CreateTempSubdirectory("watchreload-proof-");
        try
        {
            _cookie = Cookie.LoadOrCreate(new StateDirectory(state.FullName));
        }
        finally
        {
            state.Delete(recursive: true);
        }

        _proof = RequestProof.Make(_cookie, Nonce, "POST", "/v1/reload", _body);
        if (!Checked()) throw new InvalidOperationException("The proof does not fit its own request.");
    }

    [Benchmark]
    public string Made() => RequestProof.Make(_cookie, Nonce, "POST", "/v1/reload", _body).Mac;

    [Benchmark]
    public bool Checked() => _proof.Fits(_cookie, "POST", "/v1/reload", _body);
}
