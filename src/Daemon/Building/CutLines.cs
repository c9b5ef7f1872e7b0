using System.Text;

namespace WatchReload.Daemon.Building;

/// <summary>Reads lines as a <see cref="TextReader"/> does, but keeps no more than so much of one, however long it is: who writes them decides nothing about this process's memory.</summary>
/// <param name="from">Not closed.</param>
/// <param name="longest">Characters.</param>
internal sealed class CutLines(TextReader from, int longest)
{
    private readonly char[] _buffer = new char[4096];
    private int _at;
    private int _end;
    private bool _afterReturn;
    private bool _inRest;

    /// <summary>What stands for the rest of a line that was cut.</summary>
    public string Note { get; } = $" [cut after {longest} characters]";

    /// <summary>Null at the end. A line that is too long is given as soon as that is known.</summary>
    public async ValueTask<string?> Next(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        var begun = false;
        while (_at < _end || await Fill(cancellation))
        {
            if (_afterReturn && _buffer[_at] == '\n')
                _at++; // the second half of an end
            _afterReturn = false;
            if (_at == _end)
                continue;
            begun |= !_inRest;
            var rest = _buffer.AsSpan(_at, _end - _at);
            var stop = rest.IndexOfAny('\r', '\n');
            var length = stop < 0 ? rest.Length : stop;
            var fits = length <= longest - line.Length;
            if (!_inRest)
                line.Append(rest[..Math.Min(length, longest - line.Length)]);
            Pass(length, ended: stop >= 0);
            if (_inRest)
                _inRest = stop < 0;
            else if (!fits)
            {
                _inRest = stop < 0;
                return line.Append(Note).ToString();
            }
            else if (stop >= 0)
                return line.ToString();
        }

        return begun ? line.ToString() : null;
    }

    private void Pass(int length, bool ended)
    {
        _at += length;
        if (ended)
            _afterReturn = _buffer[_at++] == '\r';
    }

    private async ValueTask<bool> Fill(CancellationToken cancellation)
    {
        _at = 0;
        _end = await from.ReadAsync(_buffer, cancellation);
        return _end > 0;
    }
}
