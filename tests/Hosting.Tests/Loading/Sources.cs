namespace WatchReload.Hosting.Tests.Loading;

/// <summary>Source of small services. <c>Probe.Say()</c> is what tests call in each.</summary>
internal static class Sources
{
    public const string Service = "public sealed class Service : IService { public void Configure(IServiceBuilder service) { } }";

    /// <summary>A service whose <c>Probe.Say()</c> returns the expression.</summary>
    public static string Saying(string expression) => $"{Service} public static class Probe {{ public static object Say() => {expression}; }}";

    public static CompiledAssembly Contracts(string more = "") =>
        CompiledAssembly.From("Contracts", $"namespace Contracts; public sealed record Greeting(string Text); public static class Counter {{ public static int Next() => ++count; static int count; }} {more}");

    public static CompiledAssembly Lobby(string version, CompiledAssembly contracts) =>
        CompiledAssembly.From("Lobby", Saying($"new Contracts.Greeting(\"{version}\")"), contracts);
}
