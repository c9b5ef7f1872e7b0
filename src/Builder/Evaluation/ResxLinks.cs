using System.Xml;
using System.Xml.Linq;

namespace WatchReload.Builder.Evaluation;

/// <summary>Files whose content a .resx takes over by a link (ResXFileRef).</summary>
internal static class ResxLinks
{
    private const string Link = "System.Resources.ResXFileRef";

    /// <summary>Absolute paths; none of what is no .resx, or cannot be read as one, which the build says.</summary>
    public static IEnumerable<string> Of(string path)
    {
        if (!path.EndsWith(".resx", StringComparison.OrdinalIgnoreCase))
            return [];
        try
        {
            var text = File.ReadAllText(path);
            return text.Contains(Link, StringComparison.Ordinal) ? Of(XDocument.Parse(text), Path.GetDirectoryName(path)!) : [];
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static List<string> Of(XDocument resources, string directory) => [.. resources.Descendants("data")
        .Where(data => data.Attribute("type")?.Value.StartsWith(Link, StringComparison.Ordinal) is true)
        .Select(data => FileOf(data.Element("value")?.Value.Trim() ?? ""))
        .Where(file => file.Length > 0)
        .Select(file => Path.GetFullPath(file.Replace('\\', Path.DirectorySeparatorChar), directory))];

    /// <summary>Of <c>file;type;encoding</c>, where the file may be quoted.</summary>
    private static string FileOf(string value) =>
        value.StartsWith('"') && value.IndexOf('"', 1) is > 0 and var end ? value[1..end] : value.Split(';')[0].Trim();
}
