using System.Net.Sockets;
using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>What a user gets wrong is named, with place and remedy, and the service goes on.</summary>
public sealed class BrokenInputTests
{
    private const string Project = Checkout.Service + "Service.csproj";

    [Fact(Timeout = 600_000)]
    public async Task Broken_build_leaves_the_service_untouched_until_the_next_good_one()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch();
        await using var traffic = await Traffic.Start(checkout);

        checkout.Save(Checkout.Service + "ServiceVersion.cs", """
            namespace WatchReload.Service;

            public static class ServiceVersion
            {
                public static string Text => 2;
                public static int Other => nothing;
            }
            """);
        var failed = await watch.Verdict("build.failed");
        Assert.Equal(
            [("CS0029", 5, 34), ("CS0103", 6, 32)],
            failed.Items("diagnostics").Select(d => (d.GetProperty("code").GetString(), d.GetProperty("line").GetInt32(), d.GetProperty("column").GetInt32())));
        Assert.All(failed.Items("diagnostics"), d => Assert.Equal(checkout[Checkout.Service + "ServiceVersion.cs"], d.GetProperty("file").GetString()));
        var again = await checkout.Run("reload");
        Assert.Equal(3, again.ExitCode);
        Assert.Equal("build.failed", again.Events[^1].Name);
        await watch.Verdict("build.failed"); // the daemon did it
        Assert.Equal("version 1", await traffic.Agree("/version"));
        Assert.Equal(0, (await checkout.Status())["reloads"].GetProperty("refused").GetInt32());

        // A configuration with an error is told, and changes nothing.
        var configuration = checkout.Read("watch.json");
        checkout.Save("watch.json", configuration.Replace("\"project\"", "\"nods\": 1, \"project\"", StringComparison.Ordinal));
        await watch.Errors.Next(line => line.Contains("\"nods\" is not a setting", StringComparison.Ordinal), "the error in watch.json");
        checkout.Save("watch.json", configuration);
        await watch.Errors.Next(line => line.Contains("counts from the next start", StringComparison.Ordinal), "that watch.json changed");

        // Then the project is gone; and comes back.
        checkout.SaveVersion("3");
        Assert.Equal(2, (await watch.Committed()).Version);
        var project = checkout.Read(Project);
        File.Delete(checkout[Project]);
        var missing = await watch.Verdict("build.failed");
        Assert.Contains(missing.Items("diagnostics"), d => d.GetProperty("message").GetString()!.Contains("Service.csproj", StringComparison.Ordinal));
        Assert.Equal("version 3", await traffic.Agree("/version"));
        checkout.SaveVersion("4");
        checkout.Save(Project, project);
        await watch.Committed();

        Assert.Equal("version 4", await traffic.Agree("/version"));
        await traffic.Stop();
    }

    [Fact(Timeout = 300_000)]
    public async Task Project_that_does_not_exist_is_named()
    {
        await using var checkout = await Checkout.Create();
        checkout.Save("watch.json", """{ "project": "src/Service/Servcie.csproj" }""");

        var outcome = await checkout.Run("watch");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Events);
        var error = Assert.Single(outcome.Errors);
        Assert.StartsWith($"{checkout["watch.json"]}(1,14): ", error, StringComparison.Ordinal);
        Assert.Contains("Servcie.csproj", error, StringComparison.Ordinal);
        Assert.Contains("src/Service/Service.csproj", error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task All_errors_of_watch_json_are_told_at_once_with_their_places()
    {
        await using var checkout = await Checkout.Create();
        checkout.Save("watch.json", """
            {
              "project": "src/Service/Service.csproj",
              "nods": [],
              "watch": { "settle": "8 msec" },
              "releases": { "keep": 0 }
            }
            """);

        var outcome = await checkout.Run("run");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Events);
        Assert.Equal(3, outcome.Errors.Count);
        foreach (var place in (string[])["(3,3): \"nods\"", "(4,24): watch.settle", "(5,25): releases.keep"])
            Assert.Contains(outcome.Errors, e => e.StartsWith(checkout["watch.json"] + place, StringComparison.Ordinal));
    }

    [Fact(Timeout = 300_000)]
    public async Task Text_that_is_no_json_is_named_with_its_place()
    {
        await using var checkout = await Checkout.Create();
        checkout.Save("watch.json", """
            {
              "project": "src/Service/Service.csproj
            }
            """);

        var outcome = await checkout.Run("reload");

        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith($"{checkout["watch.json"]}(2,", Assert.Single(outcome.Errors), StringComparison.Ordinal);
    }

    [Fact(Timeout = 600_000)]
    public async Task Port_in_use_is_named_and_the_node_starts_by_itself_when_it_is_free()
    {
        await using var checkout = await Checkout.Create();
        using var occupant = new TcpListener(checkout.Endpoint);
        occupant.Start();

        var watch = checkout.Start("watch");
        var refused = await watch.Verdict("reload.refused");
        var problem = Assert.Single(refused.Texts("problems"));
        Assert.Contains($"{checkout.Endpoint}: the port is in use", problem, StringComparison.Ordinal);

        occupant.Stop();
        await watch.Event("node.started");
        using var client = await checkout.Connect("ada");
        Assert.Equal("version 1", await client.Ask("/version"));
    }
}
