using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>All rules. docs/analyzers.md has each with a bad and a good example; it is in the package too.</summary>
internal static class Rules
{
    private const string Category = "WatchReload";
    private const string Help = "docs/analyzers.md#";

    public static readonly DiagnosticDescriptor MutableStatic = new(
        "WR0001",
        "A mutable static starts afresh at a reload",
        "'{0}' is lost when its assembly is reloaded; keep it in an actor's state, or share it by ConfigureShared if it is a resource of a package or framework type",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Static fields belong to one version of the code. What outlives it is the state of actors, and what ConfigureShared keeps.",
        helpLinkUri: Help + "wr0001");

    public static readonly DiagnosticDescriptor NotData = new(
        "WR0002",
        "State and messages are plain data",
        "{0}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The node refuses to load a service whose states or messages can hold what is not data: it could not be carried over to the next version.",
        helpLinkUri: Help + "wr0002");

    public static readonly DiagnosticDescriptor BehaviorState = new(
        "WR0003",
        "A behavior holds no state",
        "'{0}' is kept in the behavior, which all actors of '{1}' share at the same time and a reload replaces; move it into the state, or inject it as a readonly dependency",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "One instance of a behavior serves all its actors in one version. Each actor's own data is its state, which a turn takes and returns.",
        helpLinkUri: Help + "wr0003");

    public static readonly DiagnosticDescriptor Undeclared = new(
        "WR0004",
        "An Upgrade or Downgrade that is not declared is never called",
        "'{0}' is never called; declare '{1}' on '{2}'{3}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The node finds an Upgrade or Downgrade by the interface that declares it, not by its name.",
        helpLinkUri: Help + "wr0004");

    public static readonly DiagnosticDescriptor OfAnotherType = new(
        "WR0005",
        "An Upgrade or Downgrade belongs on the newer type",
        "'{0}' on '{1}' is never used, as it is about '{2}'; declare it on '{2}' alone",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The node asks the type that an object becomes, or goes back from, how it is done.",
        helpLinkUri: Help + "wr0005");

    public static readonly DiagnosticDescriptor EqualShapes = new(
        "WR0006",
        "An Upgrade or Downgrade between equal shapes can never be chosen",
        "'{0}' can never be chosen, as '{1}' and '{2}' have the same members of the same types; add a member that tells them apart",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "An Upgrade applies to objects of the shape of its parameter. When that is the new type's own shape, the node cannot tell old from new, and refuses the reload.",
        helpLinkUri: Help + "wr0006");

    public static readonly DiagnosticDescriptor Ambiguous = new(
        "WR0007",
        "Of two ways for one shape the node takes neither",
        "'{0}' has two ways {1} one shape: {2}; keep one",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Old shapes are told apart by their members, not by their names. The node refuses the reload when more than one Upgrade, or chain of them, fits.",
        helpLinkUri: Help + "wr0007");

    public static readonly DiagnosticDescriptor ImpossibleShape = new(
        "WR0008",
        "An old shape is a type that objects could have had",
        "'{0}' can never apply, as no object had the type '{1}': {2}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The old shape is declared as a concrete type of plain data, with the members that objects of the older version have.",
        helpLinkUri: Help + "wr0008");

    public static readonly DiagnosticDescriptor NeverMet = new(
        "WR0009",
        "An Upgrade or Downgrade of a type that no state or message has is never called",
        "'{0}' is never called, as no state and no message of this service can hold '{1}', and no '{2}' leads on from it; declare the next step, or remove it",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A chain of Upgrades over several versions ends in a type that the present code uses.",
        helpLinkUri: Help + "wr0009");
}
