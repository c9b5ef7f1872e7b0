using System.Reflection;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// A loaded assembly of the service, alone in its context, counted by the loaded releases that share it. The last of them to retire
/// unloads the context.
/// </summary>
internal sealed class HotAssembly
{
    private readonly Lock _gate = new();
    private HotContext? _context;
    private Assembly? _assembly;
    private readonly IDisposable? _files;
    private int _users = 1;

    /// <param name="name">Its simple name.</param>
    /// <param name="identity">See <see cref="Identity"/>.</param>
    /// <param name="context">Its context; from now on this owns it.</param>
    /// <param name="assembly">What is loaded there.</param>
    /// <param name="files">Held until the last release lets go: the files that it may still load, if there are any.</param>
    public HotAssembly(string name, string identity, HotContext context, Assembly assembly, IDisposable? files)
    {
        _files = files;
        Name = name;
        Identity = identity;
        _context = context;
        _assembly = assembly;
    }

    public string Name { get; }

    /// <summary>How many deltas have been applied to it.</summary>
    public int Generation { get; private set; }

    /// <summary>The id of the last of them.</summary>
    public Guid? Delta { get; private set; }

    /// <summary>It, or one that it depends on, is no longer what its image says: a release with that image loads it anew.</summary>
    public bool HasDiverged { get; private set; }

    /// <summary>Hash over its bytes, its symbols' and those of all that it depends on: equal means that it can stay as it is.</summary>
    public string Identity { get; }

    /// <exception cref="ObjectDisposedException">No loaded release has it any more.</exception>
    public Assembly Assembly
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_assembly is null, this);
                return _assembly;
            }
        }
    }

    /// <summary>More than one release has had it: objects of its types may be of any of them.</summary>
    public bool WasShared { get; private set; }

    public void Updated(int generation, Guid delta) => (Generation, Delta) = (generation, delta);

    /// <summary>Whether it depends on a hot assembly of that name, or is it.</summary>
    public bool Sees(string assembly) => _context?.Sees(assembly) ?? false;

    public void Diverge() => HasDiverged = true;

    /// <summary>Shares it with one more release; false when the last one has let go of it already.</summary>
    public bool TryShare()
    {
        lock (_gate)
        {
            if (_users == 0)
            {
                return false;
            }

            _users++;
            WasShared = true;
            return true;
        }
    }

    /// <summary>Ends one release's use. The last one gets the context, which it has to unload; nothing here refers to it any more.</summary>
    public HotContext? LetGo()
    {
        lock (_gate)
        {
            if (--_users > 0)
            {
                return null;
            }

            var last = _context;
            _context = null;
            _assembly = null;
            _files?.Dispose();
            return last;
        }
    }
}
