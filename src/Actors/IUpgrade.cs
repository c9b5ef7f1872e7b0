namespace WatchReload.Actors;

/// <summary>
/// How data of an older shape becomes <typeparamref name="TNew"/>, where mapping by shape is not enough. <typeparamref name="TOld"/>
/// declares the old shape in the new code. Any data type may have several, messages too; they apply in a chain over versions.
/// </summary>
/// <remarks>
/// After OTP's <c>code_change/3</c>. The function must be pure: it can run more than once for one object. What it is given is a copy, save objects of
/// assemblies that are not reloaded: those it shares with the code that serves, and must not change.
/// </remarks>
/// <example>
/// <code>
/// public sealed record PriceV1(decimal Euros);            // the members that Price had
///
/// public sealed record Price(long Cents) : IUpgrade&lt;PriceV1, Price&gt;
/// {
///     public static Price Upgrade(PriceV1 old) =&gt; new((long)(old.Euros * 100));
/// }
/// </code>
/// </example>
public interface IUpgrade<TOld, TNew> where TNew : IUpgrade<TOld, TNew>
{
    /// <summary>The new form of <paramref name="old"/>.</summary>
    static abstract TNew Upgrade(TOld old);
}

/// <summary>The way back of <see cref="IUpgrade{TOld,TNew}"/>, used by a rollback to a version that knows only <typeparamref name="TOld"/>.</summary>
/// <remarks>The function must be pure: what it is given is the object that serves, which it must not change.</remarks>
/// <example>
/// <code>
/// public sealed record PriceV1(decimal Euros);
///
/// public sealed record Price(long Cents) : IDowngrade&lt;Price, PriceV1&gt;
/// {
///     public static PriceV1 Downgrade(Price current) =&gt; new(current.Cents / 100m);
/// }
/// </code>
/// </example>
public interface IDowngrade<TNew, TOld> where TNew : IDowngrade<TNew, TOld>
{
    /// <summary>The old form of <paramref name="current"/>.</summary>
    static abstract TOld Downgrade(TNew current);
}

/// <summary>
/// A name that a type or member had before. On a type: its former name, without namespace when that has not changed; on a
/// member (or the record parameter that makes it): its former name.
/// </summary>
/// <example>
/// <code>
/// [FormerName("Visitor")]
/// public sealed record Guest([FormerName("Nick")] string Name)
/// {
///     [FormerName("Age")]
///     public int Years { get; init; }
/// }
/// </code>
/// </example>
/// <param name="name">The former name.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Interface | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter, AllowMultiple = true, Inherited = false)]
public sealed class FormerNameAttribute(string name) : Attribute
{
    /// <summary>The former name.</summary>
    public string Name { get; } = name;
}
