using System.Reflection;

namespace WatchReload.Actors.Tests.PublicApi;

public sealed class PublicApiTests
{
    [Fact(Timeout = 60_000)]
    public async Task Public_surface_is_the_approved_one()
    {
        var received = PublicApiText.Of(typeof(IService).Assembly);
        var approved = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "PublicApi", "approved.txt"), TestContext.Current.CancellationToken);
        if (received == approved) return;

        var source = Path.Combine(ProjectDirectory, "PublicApi");
        await File.WriteAllTextAsync(Path.Combine(source, "received.txt"), received, TestContext.Current.CancellationToken);
        Assert.Fail($"""
            The public surface of WatchReload.Actors is not the approved one. Services are compiled against it: what was removed or changed breaks them.
            {Difference(approved, received)}
            If the change is meant, approve it and commit the result:
                mv {Path.Combine(source, "received.txt")} {Path.Combine(source, "approved.txt")}
            """);
    }

    private static string ProjectDirectory => typeof(PublicApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ProjectDirectory").Value!;

    private static string Difference(string approved, string received)
    {
        var (before, after) = (approved.Split('\n'), received.Split('\n'));
        return string.Join('\n', [.. before.Except(after).Select(line => $"  - {line.Trim()}"), .. after.Except(before).Select(line => $"  + {line.Trim()}")]);
    }
}
