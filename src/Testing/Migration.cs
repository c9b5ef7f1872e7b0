using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Testing;

/// <summary>
/// What a reload does to data, without a reload: both shapes are declared in the test.
/// </summary>
/// <remarks>
/// The namespace of <c>TOld</c> (or the class that it is nested in) stands for the old code, that of <c>TNew</c> for the new one: types in them
/// correspond by the rest of their names, as those of two versions do by their full names.
/// <code>
/// namespace Chat.V1 { record State(int Count, Seen Last); record Seen(string Text); }
/// namespace Chat.V2 { record State(long Count, Seen Last); record Seen(string Text, bool Read = false); }
///
/// V2.State state = Migration.Map&lt;V1.State, V2.State&gt;(new(3, new("hi")));
/// V1.State back = Migration.Map&lt;V2.State, V1.State&gt;(state, rollback: true);
/// </code>
/// When both are declared in one place, only these two types correspond, and all others are shared.
/// </remarks>
public static class Migration
{
    /// <summary>The new form of <paramref name="old"/>, which is not changed.</summary>
    /// <param name="old">An object of the old shape, with all that it holds.</param>
    /// <param name="rollback">Whether <typeparamref name="TNew"/> is of an older release: then values narrow and <c>Downgrade</c> is used.</param>
    /// <exception cref="MigrationException">It cannot be carried over; the message has the path and the reason.</exception>
    public static TNew Map<TOld, TNew>(TOld old, bool rollback = false)
        where TOld : notnull
        where TNew : notnull
    {
        try
        {
            return (TNew)Set<TOld, TNew>(rollback).Map(old, typeof(TNew));
        }
        catch (MappingException cause)
        {
            throw new MigrationException(cause.Message, cause);
        }
    }

    /// <summary>What a reload would find out before it touches an object.</summary>
    /// <param name="rollback">As for <see cref="Map"/>.</param>
    public static MigrationPlan Plan<TOld, TNew>(bool rollback = false)
        where TOld : notnull
        where TNew : notnull
    {
        var plan = Set<TOld, TNew>(rollback).Plan([(typeof(TOld), typeof(TNew))]);
        return new MigrationPlan(plan.Possible, plan.Problems, plan.Removed, plan.Warnings, Text(plan.Reversible), plan.Losses);
    }

    private static string Text(Reversibility reversible) => reversible switch
    {
        Reversibility.Yes => "yes",
        Reversibility.Lossy => "lossy",
        _ => "no",
    };

    private static MappingSet Set<TOld, TNew>(bool rollback) =>
        new(new DeclaredPairing(typeof(TOld), typeof(TNew)), rollback ? MappingDirection.Rollback : MappingDirection.Forward);
}

/// <summary>What is known of a migration before any object is mapped.</summary>
/// <param name="Possible">Whether a reload would go on.</param>
/// <param name="Problems">Why not: path, cause and remedy of each.</param>
/// <param name="Removed">Paths of old members whose values are dropped.</param>
/// <param name="Warnings">What may fail for single objects, or is probably not meant.</param>
/// <param name="Reversible"><c>yes</c>, <c>lossy</c> or <c>no</c>: whether there is a way back. Of a rollback always <c>yes</c>: nothing is looked for beyond it.</param>
/// <param name="Losses">Why it is not <c>yes</c>: path and cause of each.</param>
public sealed record MigrationPlan(
    bool Possible,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Warnings,
    string Reversible,
    IReadOnlyList<string> Losses);

/// <summary>An object cannot be carried over. It is unchanged.</summary>
public sealed class MigrationException(string message, Exception innerException) : Exception(message, innerException);
