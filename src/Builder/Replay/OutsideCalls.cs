using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace WatchReload.Builder.Replay;

/// <summary>Finds what an assembly asks the machine: files, environment, clocks, chance, other processes, the network. What a generator makes of that is no matter of its inputs.</summary>
internal static class OutsideCalls
{
    private static readonly Dictionary<string, HashSet<string>> Types = new(StringComparer.Ordinal)
    {
        ["System.IO"] = ["File", "FileInfo", "FileStream", "FileSystemInfo", "Directory", "DirectoryInfo", "DriveInfo", "RandomAccess"],
        ["System.IO.Enumeration"] = ["FileSystemEnumerable`1", "FileSystemEnumerator`1"],
        ["System.Diagnostics"] = ["Process", "ProcessStartInfo", "FileVersionInfo"],
        ["System"] = ["Random", "TimeProvider", "TimeZoneInfo"],
        ["System.Security.Cryptography"] = ["RandomNumberGenerator"],
    };

    private static readonly string[] Namespaces = ["System.Net", "Microsoft.Win32"];

    /// <summary>Of types that are harmless otherwise.</summary>
    private static readonly Dictionary<string, HashSet<string>> Members = new(StringComparer.Ordinal)
    {
        ["System.DateTime"] = ["get_Now", "get_UtcNow", "get_Today"],
        ["System.DateTimeOffset"] = ["get_Now", "get_UtcNow"],
        ["System.Guid"] = ["NewGuid", "CreateVersion7"],
        ["System.IO.Path"] = ["GetTempPath", "GetTempFileName", "GetRandomFileName", "Exists"],
    };

    /// <summary>Of <c>System.Environment</c>: the same on this machine as long as the process lives.</summary>
    private static readonly HashSet<string> Constants = new(StringComparer.Ordinal) { "get_NewLine", "get_ProcessorCount", "get_Is64BitProcess", "get_CurrentManagedThreadId", "get_StackTrace", "FailFast" };

    /// <summary>The first that it finds, as in <c>System.IO.File</c>; null when there is none.</summary>
    public static string? In(string path)
    {
        using var image = new PEReader(new MemoryStream(File.ReadAllBytes(path)));
        if (!image.HasMetadata)
            return "code that is not managed";
        var reader = image.GetMetadataReader();
        var types = reader.TypeReferences.Select(handle => Of(reader, handle)).FirstOrDefault(IsOutside);
        if (types.Name is not null)
            return $"{types.Namespace}.{types.Name}";
        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference)
                continue;
            var (space, type) = Of(reader, (TypeReferenceHandle)member.Parent);
            var name = reader.GetString(member.Name);
            if (IsOutside($"{space}.{type}", name) || name == ".ctor" && type is "StreamReader" or "StreamWriter" && TakesText(reader, member))
                return $"{space}.{type}.{(name == ".ctor" ? "new" : name.Replace("get_", "", StringComparison.Ordinal))}";
        }
        return null;
    }

    private static bool IsOutside((string Namespace, string Name) type) =>
        Types.TryGetValue(type.Namespace, out var names) && names.Contains(type.Name) || Namespaces.Any(space => type.Namespace == space || type.Namespace.StartsWith(space + ".", StringComparison.Ordinal));

    private static bool IsOutside(string type, string member) => type == "System.Environment" ? !Constants.Contains(member) : Members.TryGetValue(type, out var members) && members.Contains(member);

    private static (string Namespace, string Name) Of(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        return (reader.GetString(type.Namespace), reader.GetString(type.Name));
    }

    /// <summary>Its first parameter is a path.</summary>
    private static bool TakesText(MetadataReader reader, MemberReference constructor)
    {
        var signature = reader.GetBlobReader(constructor.Signature);
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger() > 0 && signature.ReadSignatureTypeCode() == SignatureTypeCode.Void && signature.ReadSignatureTypeCode() == SignatureTypeCode.String;
    }
}
