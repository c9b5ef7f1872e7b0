using System.Security.Cryptography;

namespace WatchReload.Control;

/// <summary>
/// The secret that proves who may command the processes of one state directory: 32 random bytes, in hex, in a file that only its
/// owner can read. It never passes the pipe.
/// </summary>
public sealed class Cookie
{
    private const int Bytes = 32;

    private Cookie(byte[] key) => Key = key;

    internal byte[] Key { get; }

    /// <summary>The cookie of the state directory; makes directory and cookie where they are missing.</summary>
    /// <exception cref="StateException">Wrong owner, loose mode, or not a cookie.</exception>
    public static Cookie LoadOrCreate(StateDirectory state)
    {
        OwnedPath.EnsureState(state);
        if (!File.Exists(state.Cookie))
            DurableFile.TryCreate(state.Cookie, RandomNumberGenerator.GetHexString(Bytes * 2, lowercase: true) + "\n"); // of two at a time one wins
        return Load(state);
    }

    /// <summary>The cookie of the state directory.</summary>
    /// <exception cref="StateException">None, wrong owner, loose mode, or not a cookie.</exception>
    public static Cookie Load(StateDirectory state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var path = state.Cookie;
        if (!File.Exists(path))
            throw new StateException($"There is no cookie: {path} is missing.", "Is this the right state directory? The node and the daemon make the cookie when they start; watchreload doctor tells which of them run without it, and how to end them.");
        OwnedPath.CheckSecret(path);
        try
        {
            var text = File.ReadAllText(path).Trim();
            if (text.Length == Bytes * 2)
                return new Cookie(Convert.FromHexString(text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"The cookie {path} cannot be read: {e.Message}", $"Make it readable for this user: chmod 600 {path}", e);
        }
        catch (FormatException)
        {
            // Falls through to the refusal, whose text does not show what the file holds.
        }

        throw new StateException($"{path} is not a cookie ({Bytes * 2} hex digits).", $"End node and daemon by a signal, which needs no cookie (kill PID), remove it (rm {path}), start again: a new one is made.");
    }

    /// <summary>Shows nothing of the secret.</summary>
    public override string ToString() => "cookie (secret)";
}
