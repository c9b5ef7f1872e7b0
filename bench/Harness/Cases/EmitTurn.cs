using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Cases;

/// <summary>Bare Roslyn with a service of its own: it takes every edit of sources that the others take, so that it is as warm as they are.</summary>
internal sealed class EmitTurn : IAsyncDisposable
{
    private readonly ServiceTree _tree;
    private readonly RoslynEmit _emit;

    private EmitTurn(ServiceTree tree, RoslynEmit emit) => (_tree, _emit) = (tree, emit);

    /// <summary>An edit of the project file changes the compiler's call: that is MSBuild's work, not Roslyn's.</summary>
    public static bool Knows(EditKind kind) => !kind.IsOfProjectFile() && !kind.IsOfLibraries();

    /// <summary>Where its figure says something.</summary>
    public static bool IsTold(EditKind kind) => kind is EditKind.Body or EditKind.StateRecord or EditKind.NewFile;

    public static async Task<EmitTurn> Begin(Workplace workplace, int bulkFiles)
    {
        var tree = ServiceTree.ForNode(workplace.Beside("emit"), bulkFiles);
        return new(tree, await RoslynEmit.Start(workplace, tree.Project));
    }

    /// <summary>What the emit of one edit takes, in milliseconds.</summary>
    public Task<double> Edit(EditKind kind)
    {
        _tree.Edit(kind);
        return _emit.Emit(_tree.Edited);
    }

    public ValueTask DisposeAsync() => _emit.DisposeAsync();
}
