namespace WatchReload.Fixtures.Backend;

/// <summary>Tells the other side which build asks.</summary>
public sealed class BuildHeader : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Add("Build", $"{BackendBuild.Number}");
        return base.SendAsync(request, cancellationToken);
    }
}
