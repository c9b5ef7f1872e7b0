using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace WatchReload.Builder.Replay;

/// <summary>
/// Looks through a project file or an import for what an evaluation finds that is neither an input nor a file in the projects' directories. It would be
/// another the next time, and nobody would tell.
/// </summary>
internal static partial class ProjectText
{
    /// <param name="path">Of what an evaluation has read, whatever it is called.</param>
    public static string? Doubt(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            return Doubt(XDocument.Load(path)) is { } doubt ? $"{name} {doubt}" : null;
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return $"{name} cannot be read: {e.Message}";
        }
    }

    private static string? Doubt(XDocument document)
    {
        foreach (var element in document.Descendants())
        {
            foreach (var attribute in element.Attributes())
            {
                if (attribute.Name.LocalName == "Project" && element.Name.LocalName == "Import" && (attribute.Value.Contains('*') || attribute.Value.Contains('?')))
                    return $"imports by a pattern ({attribute.Value})";
                if (LooksAround().Match(attribute.Value) is { Success: true } found)
                    return $"looks for what is there ({found.Value})";
            }
            if (!element.HasElements && LooksAround().Match(element.Value) is { Success: true } text)
                return $"looks for what is there ({text.Value})";
        }
        return null;
    }

    /// <summary>Whether a file exists, what it says, what the time is. Directory.Build.props and the like above are listed, and may be looked for.</summary>
    [GeneratedRegex(@"\bExists\s*\(|System\.IO\.|System\.DateTime|System\.Guid|(GetPathOfFileAbove|GetDirectoryNameOfFileAbove)\((?!\s*['""]?(Directory\.(Build|Packages)\.|global\.json))", RegexOptions.IgnoreCase)]
    private static partial Regex LooksAround();
}
