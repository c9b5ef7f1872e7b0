using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace WatchReload.Builder.Replay;

/// <summary>Finds what an assembly asks the machine: files, environment, clocks, chance, other processes, the network. What a generator makes of that is no matter of its inputs.</summary>
internal static class OutsideCalls
{
    private static readonly Dictionary<string, HashSet<string>> Types = new(StringComparer.Ordinal)
    {
        ["System.IO"] = ["File", "FileInfo", "FileStream", "FileSystemInfo", "FileSystemWatcher", "Directory", "DirectoryInfo", "DriveInfo", "RandomAccess"],
        ["System.IO.Compression"] = ["ZipFile", "ZipFileExtensions"],
        ["System.IO.Enumeration"] = ["FileSystemEnumerable`1", "FileSystemEnumerator`1"],
        ["System.IO.MemoryMappedFiles"] = ["MemoryMappedFile"],
        ["System.Diagnostics"] = ["Process", "ProcessStartInfo", "FileVersionInfo", "Stopwatch"],
        ["System"] = ["Random", "TimeProvider", "TimeZone", "TimeZoneInfo"],
        ["System.Runtime.InteropServices"] = ["NativeLibrary"],
        ["System.Runtime.Loader"] = ["AssemblyDependencyResolver"],
        ["System.Security.Cryptography"] = ["RandomNumberGenerator", "RNGCryptoServiceProvider"],
        ["System.Xml"] = ["XmlUrlResolver"],
    };

    private static readonly string[] Namespaces = ["System.IO.IsolatedStorage", "System.IO.Pipes", "System.Net", "Microsoft.Win32"];

    /// <summary>Of types that are harmless otherwise.</summary>
    private static readonly Dictionary<string, HashSet<string>> Members = new(StringComparer.Ordinal)
    {
        ["System.Console"] = ["get_In", "Read", "ReadKey", "ReadLine", "OpenStandardInput"],
        ["System.DateTime"] = ["get_Now", "get_UtcNow", "get_Today"],
        ["System.DateTimeOffset"] = ["get_Now", "get_UtcNow"],
        ["System.Globalization.CultureInfo"] = ["get_CurrentCulture", "get_CurrentUICulture", "get_InstalledUICulture"],
        ["System.Guid"] = ["NewGuid", "CreateVersion7"],
        ["System.IO.Path"] = ["GetTempPath", "GetTempFileName", "GetRandomFileName", "Exists"],
        ["System.Reflection.Assembly"] = ["Load", "LoadFile", "LoadFrom", "LoadWithPartialName", "ReflectionOnlyLoadFrom", "UnsafeLoadFrom"],
        ["System.Reflection.AssemblyName"] = ["GetAssemblyName"],
        ["System.Runtime.Loader.AssemblyLoadContext"] = ["LoadFromAssemblyPath", "LoadFromNativeImagePath", "LoadFromStream", "LoadUnmanagedDllFromPath"],
        ["System.Threading.Thread"] = ["get_CurrentCulture", "get_CurrentUICulture"],
        ["Microsoft.CodeAnalysis.AssemblyMetadata"] = ["CreateFromFile"],
        ["Microsoft.CodeAnalysis.MetadataReference"] = ["CreateFromFile", "CreateFromAssembly"],
        ["Microsoft.CodeAnalysis.ModuleMetadata"] = ["CreateFromFile"],
        ["Microsoft.CodeAnalysis.SourceReferenceResolver"] = ["OpenRead", "ReadText"],
        ["Microsoft.CodeAnalysis.XmlReferenceResolver"] = ["OpenRead"],
    };

    /// <summary>Of types that are harmless otherwise, what takes a path, or an address, where it might take a stream.</summary>
    private static readonly Dictionary<string, HashSet<string>> ByPath = new(StringComparer.Ordinal)
    {
        ["System.IO.StreamReader"] = [".ctor"],
        ["System.IO.StreamWriter"] = [".ctor"],
        ["System.Resources.ResourceReader"] = [".ctor"],
        ["System.Xml.XmlDocument"] = ["Load", "Save"],
        ["System.Xml.XmlReader"] = ["Create"],
        ["System.Xml.XmlTextReader"] = [".ctor"],
        ["System.Xml.XmlTextWriter"] = [".ctor"],
        ["System.Xml.XmlWriter"] = ["Create"],
        ["System.Xml.Linq.XDocument"] = ["Load", "Save"],
        ["System.Xml.Linq.XElement"] = ["Load", "Save"],
        ["System.Xml.XPath.XPathDocument"] = [".ctor"],
        ["System.Xml.Xsl.XslCompiledTransform"] = ["Load"],
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
        if (reader.MethodDefinitions.FirstOrDefault(method => reader.GetMethodDefinition(method).Attributes.HasFlag(MethodAttributes.PinvokeImpl)) is { IsNil: false } native)
            return $"{reader.GetString(reader.GetMethodDefinition(native).Name)}, which is code that is not managed";
        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference)
                continue;
            var (space, type) = Of(reader, (TypeReferenceHandle)member.Parent);
            var name = reader.GetString(member.Name);
            if (IsOutside($"{space}.{type}", name) || Has(ByPath, $"{space}.{type}", name) && TakesText(reader, member))
                return $"{space}.{type}.{(name == ".ctor" ? "new" : name.Replace("get_", "", StringComparison.Ordinal))}";
        }
        return null;
    }

    private static bool IsOutside((string Namespace, string Name) type) =>
        Has(Types, type.Namespace, type.Name) || Namespaces.Any(space => type.Namespace == space || type.Namespace.StartsWith(space + ".", StringComparison.Ordinal));

    private static bool IsOutside(string type, string member) => type == "System.Environment" ? !Constants.Contains(member) : Has(Members, type, member);

    private static bool Has(Dictionary<string, HashSet<string>> members, string type, string member) => members.TryGetValue(type, out var names) && names.Contains(member);

    private static (string Namespace, string Name) Of(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        return (reader.GetString(type.Namespace), reader.GetString(type.Name));
    }

    /// <summary>Its first parameter is a path.</summary>
    private static bool TakesText(MetadataReader reader, MemberReference method)
    {
        var signature = reader.GetBlobReader(method.Signature);
        signature.ReadSignatureHeader();
        if (signature.ReadCompressedInteger() == 0)
            return false;
        if (signature.ReadSignatureTypeCode() == SignatureTypeCode.TypeHandle)
            signature.ReadTypeHandle(); // what it returns
        return signature.ReadSignatureTypeCode() == SignatureTypeCode.String;
    }
}
