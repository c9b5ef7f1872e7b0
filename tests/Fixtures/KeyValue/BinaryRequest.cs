using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace WatchReload.Fixtures.KeyValue;

internal static class BinaryRequest
{
    public static bool TryParse(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out StoreMessage? request)
    {
        request = null;
        if (frame.Length < 2 || frame.Length - 2 < frame[1]) return false;
        var key = Encoding.UTF8.GetString(frame.Slice(2, frame[1]));
        var value = frame[(2 + frame[1])..];
        request = (frame[0], value.Length) switch
        {
            ((byte)'G', 0) => new StoreMessage.Get(key),
            ((byte)'P', _) => new StoreMessage.Put(key, value.ToArray()),
            ((byte)'D', 0) => new StoreMessage.Delete(key),
            _ => null,
        };
        return request is not null;
    }
}
