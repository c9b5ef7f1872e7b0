using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace WatchReload.Control.Tests.Pipe.User;

/// <summary>Answers of a process that has its own mind: what it sends does not decide about this one's memory.</summary>
public sealed class AnswerLimitTests : IAsyncLifetime
{
    private const int Piece = 64 << 10;

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("wr-answers-");
    private UserServer? _server;
    private UserClient? _client;

    private string Socket => Path.Combine(_parent.FullName, "run", "it.sock");

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux())
            return;
        _server = await UserServer.Start(new UserServerOptions { Socket = Socket, Peer = UserAccount.Own }, routes => routes.MapMethods("/v1/{status}", ["GET", "POST"], Endless), TestContext.Current.CancellationToken);
        _client = new UserClient(Socket, UserAccount.Own);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        _parent.Delete(recursive: true);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("/v1/200")]
    [InlineData("/v1/400")]
    public async Task Endless_answer_that_is_not_of_lines_is_given_up(string target)
    {
        Assert.SkipWhen(_client is null, "Sockets for another user are there on Linux only.");

        var problem = await Assert.ThrowsAsync<PipeException>(() => _client!.Post(target, TestContext.Current.CancellationToken));

        Assert.Equal(PipeFailure.Lost, problem.Failure);
        Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, Assert.IsType<HttpRequestException>(problem.InnerException).HttpRequestError);
    }

    [Fact(Timeout = 60_000)]
    public async Task Endless_refusal_of_a_request_for_lines_is_given_up_and_tells_its_status()
    {
        Assert.SkipWhen(_client is null, "Sockets for another user are there on Linux only.");

        var problem = await Assert.ThrowsAsync<PipeException>(() => _client!.PostLines("/v1/409", new NonceAnswer("x"), PipeJson.Default.NonceAnswer, PipeJson.Default.NonceAnswer, TestContext.Current.CancellationToken));

        Assert.Equal(409, problem.Status); // and not never
    }

    private async Task Endless(HttpContext context)
    {
        context.Response.StatusCode = int.Parse((string)context.Request.RouteValues["status"]!, System.Globalization.CultureInfo.InvariantCulture);
        var piece = new byte[Piece];
        piece.AsSpan().Fill((byte)' ');
        while (!context.RequestAborted.IsCancellationRequested)
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
    }
}
