using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>What a run has still to do: objects to visit, and to finish when all above them is done.</summary>
internal sealed class WorkStack
{
    private const int Kept = 1024;

    private int[] _steps = new int[16];
    private int _height;

    public void PushVisit(int index) => Push(index << 1);

    public void PushFinish(int index) => Push((index << 1) | 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryPop(out int index, out bool finish)
    {
        if (_height == 0)
        {
            (index, finish) = (-1, false);
            return false;
        }

        var step = _steps[--_height];
        (index, finish) = (step >> 1, (step & 1) != 0);
        return true;
    }

    /// <summary>For so many more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Reserve(int more)
    {
        if (_height + more > _steps.Length) Array.Resize(ref _steps, Math.Max(_height + more, 2 * _steps.Length));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Clear()
    {
        if (_steps.Length > Kept) _steps = new int[16];
        _height = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Push(int step)
    {
        if (_height == _steps.Length) Reserve(1);
        _steps[_height++] = step;
    }
}
