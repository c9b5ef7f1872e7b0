using System.Net;
using System.Net.Sockets;

namespace WatchReload.Bench.Load;

internal delegate void LineHandler(Connection connection, ReadOnlySpan<byte> line);

/// <summary>One client of the chat: a socket that never blocks once it is connected, and what was asked over it.</summary>
internal sealed class Connection(int index, string name) : IDisposable
{
    private readonly byte[] _buffer = new byte[4096];
    private Socket? _socket;
    private int _filled;
    private int _life;

    public int Index => index;

    public Ledger Ledger { get; private set; } = new();

    public bool IsConnected => _socket is not null;

    /// <summary>Greeted by the service.</summary>
    public bool IsReady { get; private set; }

    /// <summary>When it was lost; 0 when it never was.</summary>
    public long LostAt { get; set; }

    /// <summary>The name it introduced itself by: another one each time, since the service may not have freed the last.</summary>
    public string Name => _life == 1 ? name : $"{name}-{_life}";

    /// <summary>Waits for the connection, which on one machine takes no time; sends the name. False: nobody listens, or the other side has closed already.</summary>
    public bool TryConnect(IPEndPoint endpoint, Epoll epoll)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(endpoint);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return false;
        }

        socket.Blocking = false;
        (_socket, _filled, Ledger) = (socket, 0, new());
        _life++;
        epoll.Watch(socket.SafeHandle, index);
        if (TrySend(Line.Of(Name))) return true;
        Close();
        return false;
    }

    public void Greeted() => IsReady = true;

    /// <summary>False: the connection is lost, or its buffers are full, which for a few short lines means that it is as good as lost.</summary>
    public bool TrySend(ReadOnlySpan<byte> lines) =>
        _socket is not null && _socket.Send(lines, SocketFlags.None, out var error) == lines.Length && error == SocketError.Success;

    /// <summary>Reads what is there, and hands on its lines. False: the other side closed, reset, or sent a line without end.</summary>
    public bool TryRead(LineHandler handle)
    {
        while (_socket is { } socket)
        {
            var read = socket.Receive(_buffer.AsSpan(_filled), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) return true;
            if (error != SocketError.Success || read == 0) return false;
            _filled += read;
            var partial = _filled < _buffer.Length;
            HandOn(handle);
            if (_filled == _buffer.Length) return false;
            if (partial) return true; // all that was there; epoll tells of more
        }

        return true;
    }

    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
        IsReady = false;
    }

    public void Dispose() => Close();

    private void HandOn(LineHandler handle)
    {
        var taken = 0;
        for (int end; (end = _buffer.AsSpan(taken, _filled - taken).IndexOf((byte)'\n')) >= 0; taken += end + 1)
            handle(this, _buffer.AsSpan(taken, end));
        _buffer.AsSpan(taken, _filled - taken).CopyTo(_buffer);
        _filled -= taken;
    }
}
