using WatchReload.Builder.Replay;

namespace WatchReload.Deltas.Tests;

/// <summary>What a generator may ask the machine, found in its assembly.</summary>
public sealed class OutsideCallsTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("System.IO.File.Exists(\"words.txt\")", "System.IO.File")]
    [InlineData("new System.IO.FileInfo(\"words.txt\").Length", "System.IO.FileInfo")]
    [InlineData("System.IO.Directory.GetFiles(\".\")", "System.IO.Directory")]
    [InlineData("new System.IO.StreamReader(\"words.txt\").ReadToEnd()", "System.IO.StreamReader.new")]
    [InlineData("System.IO.Path.GetTempPath()", "System.IO.Path.GetTempPath")]
    [InlineData("Environment.GetEnvironmentVariable(\"WORDS\")", "System.Environment.GetEnvironmentVariable")]
    [InlineData("Environment.CurrentDirectory", "System.Environment.CurrentDirectory")]
    [InlineData("DateTime.UtcNow", "System.DateTime.UtcNow")]
    [InlineData("DateTimeOffset.Now.Year", "System.DateTimeOffset.Now")]
    [InlineData("Guid.NewGuid()", "System.Guid.NewGuid")]
    [InlineData("Random.Shared.Next()", "System.Random")]
    [InlineData("System.Diagnostics.Process.Start(\"git\")", "System.Diagnostics.Process")]
    [InlineData("new System.Net.Http.HttpClient()", "System.Net.Http.HttpClient")]
    [InlineData("System.Net.Dns.GetHostName()", "System.Net.Dns")]
    [InlineData("new System.IO.StreamWriter(\"words.txt\").NewLine", "System.IO.StreamWriter.new")]
    [InlineData("new System.IO.FileSystemWatcher(\".\").Path", "System.IO.FileSystemWatcher")]
    [InlineData("System.IO.Compression.ZipFile.OpenRead(\"words.zip\")", "System.IO.Compression.ZipFile")]
    [InlineData("System.IO.MemoryMappedFiles.MemoryMappedFile.CreateFromFile(\"words.txt\")", "System.IO.MemoryMappedFiles.MemoryMappedFile")]
    [InlineData("new System.IO.Pipes.NamedPipeClientStream(\"words\").CanRead", "System.IO.Pipes.NamedPipeClientStream")]
    [InlineData("System.Xml.Linq.XDocument.Load(\"words.xml\")", "System.Xml.Linq.XDocument.Load")]
    [InlineData("System.Xml.Linq.XDocument.Load(\"words.xml\", System.Xml.Linq.LoadOptions.None)", "System.Xml.Linq.XDocument.Load")]
    [InlineData("System.Xml.Linq.XElement.Load(\"words.xml\")", "System.Xml.Linq.XElement.Load")]
    [InlineData("Loaded(new System.Xml.XmlDocument(), document => document.Load(\"words.xml\"))", "System.Xml.XmlDocument.Load")]
    [InlineData("System.Xml.XmlReader.Create(\"words.xml\")", "System.Xml.XmlReader.Create")]
    [InlineData("System.Xml.XmlReader.Create(\"words.xml\", new System.Xml.XmlReaderSettings())", "System.Xml.XmlReader.Create")]
    [InlineData("new System.Xml.XmlTextReader(\"words.xml\")", "System.Xml.XmlTextReader.new")]
    [InlineData("new System.Xml.XPath.XPathDocument(\"words.xml\")", "System.Xml.XPath.XPathDocument.new")]
    [InlineData("System.Reflection.Assembly.LoadFrom(\"words.dll\")", "System.Reflection.Assembly.LoadFrom")]
    [InlineData("System.Reflection.Assembly.LoadFile(\"words.dll\")", "System.Reflection.Assembly.LoadFile")]
    [InlineData("System.Reflection.Assembly.UnsafeLoadFrom(\"words.dll\")", "System.Reflection.Assembly.UnsafeLoadFrom")]
    [InlineData("System.Reflection.Assembly.Load(new byte[1])", "System.Reflection.Assembly.Load")]
    [InlineData("System.Runtime.Loader.AssemblyLoadContext.Default.LoadFromAssemblyPath(\"/words.dll\")", "System.Runtime.Loader.AssemblyLoadContext.LoadFromAssemblyPath")]
    [InlineData("System.Runtime.InteropServices.NativeLibrary.Load(\"words\")", "System.Runtime.InteropServices.NativeLibrary")]
    [InlineData("Microsoft.CodeAnalysis.MetadataReference.CreateFromFile(\"words.dll\")", "Microsoft.CodeAnalysis.MetadataReference.CreateFromFile")]
    [InlineData("System.Diagnostics.Stopwatch.GetTimestamp()", "System.Diagnostics.Stopwatch")]
    [InlineData("System.Globalization.CultureInfo.CurrentCulture.Name", "System.Globalization.CultureInfo.CurrentCulture")]
    [InlineData("System.Globalization.CultureInfo.CurrentUICulture.Name", "System.Globalization.CultureInfo.CurrentUICulture")]
    [InlineData("Thread.CurrentThread.CurrentCulture.Name", "System.Threading.Thread.CurrentCulture")]
    [InlineData("TimeZoneInfo.Local.Id", "System.TimeZoneInfo")]
    [InlineData("new Random().Next()", "System.Random")]
    [InlineData("Guid.CreateVersion7()", "System.Guid.CreateVersion7")]
    [InlineData("Environment.MachineName", "System.Environment.MachineName")]
    [InlineData("Console.ReadLine()", "System.Console.ReadLine")]
    [InlineData("Pid(); [System.Runtime.InteropServices.DllImport(\"libc\", EntryPoint = \"getpid\")] private static extern int Pid()", "Pid, which is code that is not managed")]
    public async Task Is_found(string call, string told)
    {
        await Task.Yield();
        Assert.Equal(told, In($"public object? Ask() => {call}; {Loaded}"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Environment.NewLine")]
    [InlineData("System.IO.Path.GetFileName(\"a/words.txt\")")]
    [InlineData("new System.IO.StreamReader(new System.IO.MemoryStream()).ReadToEnd()")]
    [InlineData("new System.IO.StringReader(\"one\").ReadLine()")]
    [InlineData("new DateTime(2026, 1, 1).Year")]
    [InlineData("Guid.Parse(\"9f2c0a1e-6f0b-4a57-9c1e-0f9a3f6d2b11\")")]
    [InlineData("typeof(Asked).Assembly.GetManifestResourceStream(\"words\")")]
    [InlineData("System.Reflection.Assembly.GetExecutingAssembly().GetName().Version")]
    [InlineData("System.Xml.Linq.XDocument.Parse(\"<words/>\").ToString()")]
    [InlineData("System.Xml.Linq.XElement.Parse(\"<words/>\").Value")]
    [InlineData("System.Xml.Linq.XDocument.Load(new System.IO.StringReader(\"<words/>\"))")]
    [InlineData("System.Xml.Linq.XElement.Load(new System.IO.MemoryStream())")]
    [InlineData("Loaded(new System.Xml.XmlDocument(), document => document.LoadXml(\"<words/>\"))")]
    [InlineData("Loaded(new System.Xml.XmlDocument(), document => document.Load(new System.IO.MemoryStream()))")]
    [InlineData("System.Xml.XmlReader.Create(new System.IO.MemoryStream())")]
    [InlineData("System.Xml.XmlReader.Create(new System.IO.StringReader(\"<words/>\"), new System.Xml.XmlReaderSettings())")]
    [InlineData("System.Xml.XmlWriter.Create(new System.Text.StringBuilder())")]
    [InlineData("new System.IO.Compression.ZipArchive(new System.IO.MemoryStream())")]
    [InlineData("System.Globalization.CultureInfo.InvariantCulture.Name")]
    [InlineData("System.Globalization.CultureInfo.GetCultureInfo(\"de\").Name")]
    [InlineData("1.5.ToString(System.Globalization.CultureInfo.InvariantCulture)")]
    [InlineData("default(Microsoft.CodeAnalysis.AdditionalText)?.GetText()?.ToString()")]
    [InlineData("System.Diagnostics.Debugger.IsAttached")]
    [InlineData("System.Text.RegularExpressions.Regex.IsMatch(\"a\", \"b\")")]
    public async Task Is_not_what_code_makes_of_its_own(string call)
    {
        await Task.Yield();
        Assert.Null(In($"public object? Ask() => {call}; {Loaded}"));
    }

    private const string Loaded = "private static object Loaded(System.Xml.XmlDocument document, Action<System.Xml.XmlDocument> load) { load(document); return document; }";

    private static string? In(string member) => CompiledExtension.Look($"public class Asked {{ {member} }}", OutsideCalls.In);
}
