using System.Reflection;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// Brings the hot assemblies of a release into memory: shares those that are unchanged with the previous release, loads the others,
/// each into a context of its own. All or nothing: when one fails, what was loaded is unloaded and what was shared is let go of.
/// </summary>
/// <remarks>
/// What is referenced is loaded before what references it. The runtime keeps a generic type of arguments from several collectible contexts (<c>Behavior&lt;State, Message&gt;</c>, a task's box)
/// with the one that was made last, which then holds the others: that must be the one that goes first, or a state's assembly that stays would hold the first version of the
/// assemblies that use it.
/// </remarks>
internal sealed class HotLoad(HotImages images, HotIdentities identities, Func<HotImage, HotContext> contexts, Func<HotImage, IDisposable?> files, Problems problems)
{
    private readonly List<HotAssembly> _assemblies = [];
    private readonly List<(HotImage Image, HotContext Context)> _fresh = [];

    /// <summary>Those loaded anew.</summary>
    public IEnumerable<HotImage> Fresh => _fresh.Select(one => one.Image);

    /// <summary>Null, with the reasons among the problems, when it failed.</summary>
    public HotSet? Run(string serviceType, LoadedRelease? previous)
    {
        HotSet? set = null;
        try
        {
            Share(previous);
            foreach (var image in images.All.Where(image => Find(image) is null).OrderBy(image => identities.Visible(image).Count))
            {
                Load(image);
            }

            return set = problems.Any ? null : Finish(serviceType);
        }
        finally
        {
            if (set is null)
            {
                LetGo();
            }
        }
    }

    /// <summary>Of a previous release that someone retires meanwhile nothing is shared: part of it would not fit together.</summary>
    private void Share(LoadedRelease? previous)
    {
        foreach (var image in images.All)
        {
            if (previous?.FindHot(image.Name) is { } loaded && !loaded.HasDiverged && loaded.Identity == identities.Of(image))
            {
                if (!loaded.TryShare())
                {
                    LetGo();
                    return;
                }

                _assemblies.Add(loaded);
            }
        }
    }

    private void Load(HotImage image)
    {
        var context = contexts(image);
        Assembly? assembly = null;
        try
        {
            assembly = context.LoadMain(image);
            _assemblies.Add(new(image.Name, identities.Of(image), context, assembly, files(image)));
            _fresh.Add((image, context));
        }
        catch (Exception error) when (error is BadImageFormatException or FileLoadException)
        {
            problems.Add($"{image.Name} cannot be loaded: {error.Message}", "Clean the build's outputs and build again.");
        }
        finally
        {
            if (assembly is null)
            {
                Unload(context);
            }
        }
    }

    private HotSet? Finish(string serviceType)
    {
        foreach (var (image, context) in _fresh)
        {
            context.Bind(identities.Visible(image).ToDictionary(one => one.Name, one => new WeakReference<Assembly>(Find(one)!.Assembly), StringComparer.OrdinalIgnoreCase));
        }

        // At once, as with hot assemblies: a version that lingers finds them later too.
        foreach (var (image, context) in _fresh)
        {
            foreach (var package in identities.VersionPackagesOf(image))
            {
                context.LoadFromAssemblyName(new AssemblyName(package));
            }
        }

        var types = _assemblies.SelectMany(assembly => Types(assembly.Assembly)).ToList();
        var entry = Find(images.Entry!)!.Assembly;
        return problems.Any ? null : new HotSet(_assemblies, entry, entry.GetType(serviceType, throwOnError: true)!, types);
    }

    /// <summary>All types load: an interface that grew while its implementer stayed the same is found here, not by a turn.</summary>
    private Type[] Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException error)
        {
            foreach (var cause in error.LoaderExceptions.OfType<Exception>().Select(cause => cause.Message).Distinct(StringComparer.Ordinal))
            {
                problems.Add(
                    $"{assembly.GetName().Name} has a type that cannot be loaded: {cause}",
                    "Build all projects of the service against the same versions of each other and of their packages.");
            }

            return [];
        }
    }

    private HotAssembly? Find(HotImage image) => _assemblies.Find(assembly => assembly.Name == image.Name);

    private void LetGo()
    {
        foreach (var assembly in _assemblies)
        {
            if (assembly.LetGo() is { } context) Unload(context);
        }

        _assemblies.Clear();
        _fresh.Clear();
    }

    private static void Unload(HotContext context)
    {
        if (context.IsCollectible) context.Unload();
    }
}
