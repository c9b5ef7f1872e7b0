namespace WatchReload.Hosting.Loading;

/// <summary>Finds the service in the entry assembly, by metadata: before anything is loaded.</summary>
internal sealed class ServiceTypes(Func<string, AssemblyImage?> images)
{
    public static readonly TypeName Interface = new(typeof(Actors.IService).Assembly.GetName().Name!, typeof(Actors.IService).FullName!);

    /// <summary>The full name of the one that there must be; else null, with the reason among the problems.</summary>
    public string? Find(AssemblyImage entry, Problems problems)
    {
        var services = entry.Types.Values.Where(type => type.IsConcreteClass && Implements(type.Name, [])).ToList();
        var usable = services.Where(type => type is { IsVisible: true, IsGeneric: false }).ToList();
        switch (usable)
        {
            case []:
                problems.Add(
                    services is []
                        ? $"{entry.Name} has no class that implements IService."
                        : $"{entry.Name} has no usable IService: {List(services)} must be public and not generic.",
                    "Declare one public class with a public parameterless constructor that implements WatchReload.Actors.IService in the service project.");
                return null;
            case [var service]:
                if (!service.HasPublicParameterlessConstructor)
                {
                    problems.Add(
                        $"{service.Name.FullName} has no public parameterless constructor.",
                        "Give it one, and take what it needs from the version's container in Configure.");
                }

                return service.Name.FullName;
            default:
                problems.Add(
                    $"{entry.Name} has {usable.Count} classes that implement IService: {List(usable)}.",
                    "Leave one of them public in the service project; a node runs one service.");
                return null;
        }
    }

    private bool Implements(TypeName type, HashSet<TypeName> seen) =>
        type == Interface
        || (seen.Add(type)
            && images(type.Assembly) is { } image
            && image.Types.TryGetValue(type.FullName, out var shape)
            && shape.Parents.Any(parent => Implements(parent, seen)));

    private static string List(IEnumerable<TypeShape> types) =>
        string.Join(", ", types.Select(type => type.Name.FullName).Order(StringComparer.Ordinal));
}
