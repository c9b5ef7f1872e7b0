using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Endpoint;

public sealed class ReloadRequestTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("?reherse=true", "reherse")]
    [InlineData("?rehearse=yes", "rehearse=yes")]
    [InlineData("?rehearse=true&rehearse=false", "each once")]
    [InlineData("?hold=-1", "hold=-1")]
    [InlineData("?hold=1e9", "hold=1e9")]
    [InlineData("?hold=NaN", "hold=NaN")]
    [InlineData("?hold=5&rehearse=true", "cannot be held")]
    public async Task A_query_that_is_not_understood_is_refused(string query, string names)
    {
        await using var endpoint = await EndpointFixture.Start();
        await AssertRefused(endpoint, endpoint.Request(), names, query);
    }

    [Fact(Timeout = 60_000)]
    public async Task All_problems_of_a_request_are_told_together()
    {
        await using var endpoint = await EndpointFixture.Start();
        var request = endpoint.Request() with { Release = "../x", ManifestHash = "AB", ExpectInstance = "", ExpectVersion = -1, Fence = -1, Cause = "x y", ProbationSeconds = -1, Directory = "/etc" };

        var refusal = await AssertRefused(endpoint, request, "../x");

        Assert.All(["release:", "manifestHash:", "expectInstance:", "expectVersion:", "fence:", "cause:", "probationSeconds:", "directory:"],
            field => Assert.Contains(field, refusal.Message, StringComparison.Ordinal));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("/etc")]
    [InlineData("relative/r1")]
    [InlineData("STATE")]
    [InlineData("STATE-beside/r1")]
    [InlineData("STATE/releases/../../outside")]
    [InlineData("STATE/releases//r1")]
    [InlineData("STATE/releases/./r1")]
    public async Task A_directory_outside_the_state_directory_is_refused(string directory)
    {
        await using var endpoint = await EndpointFixture.Start();
        var path = directory.Replace("STATE", endpoint.State.Root, StringComparison.Ordinal);
        await AssertRefused(endpoint, endpoint.Request() with { Directory = path }, "directory:");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_link_that_leads_out_of_the_state_directory_is_refused()
    {
        await using var endpoint = await EndpointFixture.Start();
        Directory.CreateDirectory(Path.Combine(endpoint.Outside, "elsewhere", "r1"));
        Directory.CreateSymbolicLink(endpoint.State.Releases, Path.Combine("..", "elsewhere"));

        await AssertRefused(endpoint, endpoint.Request() with { Directory = endpoint.State.Release("r1") }, "which does not lie in the state directory");
    }

    [Fact(Timeout = 60_000)]
    public async Task Links_in_a_circle_are_refused()
    {
        await using var endpoint = await EndpointFixture.Start();
        File.CreateSymbolicLink(Path.Combine(endpoint.State.Root, "a"), "b");
        File.CreateSymbolicLink(Path.Combine(endpoint.State.Root, "b"), "a");

        await AssertRefused(endpoint, endpoint.Request() with { Directory = Path.Combine(endpoint.State.Root, "a", "r1") }, "Too many links");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_state_directory_may_itself_be_reached_by_a_link()
    {
        await using var endpoint = await EndpointFixture.Start();
        var link = Path.Combine(endpoint.Outside, "link");
        Directory.CreateSymbolicLink(link, endpoint.State.Root);

        await using var lines = await endpoint.Reload(endpoint.Request() with { Directory = Path.Combine(link, "releases", "r000042") });
        await endpoint.Node.Asked.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_missing_member_is_a_refusal_and_not_a_defect()
    {
        await using var endpoint = await EndpointFixture.Start();

        var refusal = await Assert.ThrowsAsync<PipeException>(() => endpoint.Client.Post(
            "/v1/reload", new Rendezvous("a", 1, 1, "x"), ControlJson.Default.Rendezvous, ControlJson.Default.ReloadReport));

        Assert.Equal((PipeFailure.Rejected, 400), (refusal.Failure, refusal.Status));
        Assert.Contains("manifestHash", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<PipeException> AssertRefused(EndpointFixture endpoint, ReloadRequest request, string names, string query = "")
    {
        var refusal = await Assert.ThrowsAsync<PipeException>(() => endpoint.Reload(request, query));
        Assert.Equal((PipeFailure.Rejected, 400), (refusal.Failure, refusal.Status));
        Assert.Contains(names, refusal.Message, StringComparison.Ordinal);
        Assert.Null(endpoint.Node.Request);
        return refusal;
    }
}
