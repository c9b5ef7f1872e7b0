namespace WatchReload.Daemon.Configuration;

/// <summary>The watch.json that <c>init</c> writes: the project, and every other setting of the tree as a comment with its default.</summary>
internal static class WatchFileTemplate
{
    /// <param name="node">The name of the node, where it is not to be the default's.</param>
    public static string For(string project, string? node = null) => $$"""
        {
          // The service. This is all that is needed; what follows are the defaults.
          "project": {{Shown.Json(project)}},

          // "Debug" or "Release"; null: Debug in watch, Release elsewhere.
          // "configuration": null,

          // The processes that run the service. Secrets do not belong here: nodes inherit the environment.
          {{(node is null ? "// " : "")}}"nodes": [{ "name": {{Shown.Json(node ?? NodeSettings.DefaultName)}}, "environment": {}, "arguments": [], "metricsPort": 0, "runtime": "shared" }],

          // What is watched, beside what the build names, and how long it must have been quiet.
          // "watch": { "include": ["**/*"], "exclude": [], "settle": "8ms", "burst": "100ms", "polling": "auto", "pollInterval": "500ms", "rescan": "1m" },

          // How many releases are kept, and what must be free on the disk beside them.
          // "releases": { "keep": 10, "minimumFreeSpace": "256MB", "maximumSize": "0B" },

          // Packages that cache what they know of the service's types, beside those that are known to: they are loaded with each version.
          // "packages": { "perVersion": [] },

          // Actors in a long turn change over late, or ("refuse") make the node refuse the reload.
          // "reload": { "stragglers": "late" },

          // When the build process is replaced.
          // "builder": { "memoryLimit": "2GB", "hangLimit": "10m" },

          // A log file beside standard error.
          // "log": { "file": null, "level": "information", "rolling": "day", "keep": 14 },

          // Where releases, cookie and history lie; null: in the git directory, or .watchreload where there is none.
          // "state": null,
        }

        """;
}
