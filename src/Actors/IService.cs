namespace WatchReload.Actors;

/// <summary>
/// The entry point of a service: what it consists of, and what it does when its code has changed. A release has exactly one
/// public class that implements it, with a parameterless constructor.
/// </summary>
/// <remarks>The counterpart of an Erlang application's callback module and of <c>code_change/0</c>.</remarks>
/// <example>
/// <code>
/// public sealed class EchoService : IService
/// {
///     public void Configure(IServiceBuilder service) =&gt; service.Listen("echo", "127.0.0.1:7000")
///         .Lines(maxLength: 4096)
///         .Accept&lt;Echo, EchoState, string&gt;(_ =&gt; new EchoState(0));
/// }
///
/// public sealed record EchoState(int Lines);
///
/// public sealed class Echo : ConnectionBehavior&lt;EchoState, string&gt;
/// {
///     public override ValueTask&lt;EchoState&gt; Frame(EchoState s, ReadOnlyMemory&lt;byte&gt; frame, Context self)
///     {
///         self.Write(frame.Span);
///         return new(s with { Lines = s.Lines + 1 });
///     }
///
///     public override ValueTask&lt;EchoState&gt; Receive(EchoState s, string m, Context self) =&gt; new(s);
/// }
/// </code>
/// </example>
public interface IService
{
    /// <summary>
    /// Declares the version's services, named actors and listeners. Called once a version, before the version serves; the node
    /// compares the declaration with what runs. It must not take exclusive resources: the version may still be refused.
    /// </summary>
    void Configure(IServiceBuilder service);

    /// <summary>
    /// Called once, in the new version, after the switch; not at the first load. It has 30 s; if it throws or takes longer, the
    /// node goes back to the version before.
    /// </summary>
    ValueTask CodeChange(CodeChangeContext change) => default;
}
