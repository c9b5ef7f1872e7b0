namespace WatchReload.Builder.Deltas;

/// <summary>From the types that are edited to all that mention one of them, by the names in their texts.</summary>
/// <param name="Types">Full names of those, without what configures the service.</param>
/// <param name="Services">Full names of types that configure the service, and are edited or mention one of those.</param>
/// <param name="CalledAs">Identifiers by which code comes to <paramref name="Types"/>, or came.</param>
internal sealed record TypeSpread(IReadOnlyCollection<string> Types, IReadOnlyCollection<string> Services, IReadOnlySet<string> CalledAs)
{
    private const int LargestText = 400_000;

    /// <summary>Null, with the reason, when one of them cannot be made anew.</summary>
    /// <param name="edited">Full names of the edited types, each with its declarations before.</param>
    /// <param name="types">All declarations there are now, by full name.</param>
    /// <param name="isService">Whether the type of a full name configures the service.</param>
    /// <param name="doubt">The reason.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static TypeSpread? Of(IReadOnlyDictionary<string, List<TypeText>> edited, ILookup<string, TypeText> types, Func<string, bool> isService, out string? doubt, CancellationToken cancellation)
    {
        var services = edited.Keys.Where(isService).ToHashSet(StringComparer.Ordinal);
        var remade = edited.Keys.Where(name => !services.Contains(name)).ToHashSet(StringComparer.Ordinal);
        var called = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(remade);
        var size = 0;
        doubt = null;
        while (doubt is null && next.TryDequeue(out var name))
        {
            cancellation.ThrowIfCancellationRequested();
            List<TypeText> parts = [.. types[name], .. edited.GetValueOrDefault(name) ?? []];
            if ((size += types[name].Sum(part => part.Declaration.FullSpan.Length)) > LargestText)
                doubt = "too much depends on what is edited";
            else if (parts.Find(part => part.Obstacle is not null) is { } part)
                doubt = edited.ContainsKey(name) ? part.Obstacle : $"{part.Obstacle}, and mentions what is edited";
            var names = parts.SelectMany(one => one.CalledAs).Where(called.Add).ToList(); // who mentions the others is there
            foreach (var other in types.Where(other => !remade.Contains(other.Key) && !services.Contains(other.Key) && other.Any(one => names.Exists(one.Mentions.Contains))))
            {
                if (isService(other.Key))
                    services.Add(other.Key);
                else if (remade.Add(other.Key))
                    next.Enqueue(other.Key);
            }
        }
        return doubt is null ? new TypeSpread(remade, services, called) : null;
    }
}
