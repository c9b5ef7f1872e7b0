using System.Globalization;
using WatchReload.Builder.Sdk;
using WatchReload.Control;

namespace WatchReload.Builder.Diagnostics;

/// <summary>The builder's own diagnostics, each with cause and remedy. Compiler, MSBuild and NuGet have theirs.</summary>
internal static class Problems
{
    public static BuildDiagnostic GlobalJsonUnreadable(string path, string problem) =>
        Error("WRB001", $"{path} cannot be read: {problem}. Correct it, or delete it to build with the newest installed SDK.", path);

    public static BuildDiagnostic SdkNotFound(string directory, GlobalJson? globalJson, IReadOnlyList<string> installed)
    {
        var has = installed.Count == 0 ? "none is installed" : $"installed: {string.Join(", ", installed)}";
        if (globalJson is null)
            return Error("WRB002", $"No .NET SDK found for {directory} ({has}). Install one from https://dot.net.", null);
        var wants = globalJson.Version is null ? "an SDK" : $"SDK {globalJson.Version}{(globalJson.RollForward is null ? "" : $" (rollForward: {globalJson.RollForward})")}";
        return Error("WRB002", $"{globalJson.Path} asks for {wants}, which is not here ({has}). Install it, or change \"version\" or \"rollForward\" there.", globalJson.Path);
    }

    public static BuildDiagnostic SdkTooNew(GlobalJson globalJson, Version runtime) =>
        Error("WRB003", $"{globalJson.Path} selects SDK {globalJson.Version}, but the builder runs on .NET {runtime}. Install the runtime of that SDK's version beside it, or select an older SDK there.", globalJson.Path);

    public static BuildDiagnostic SeveralFrameworks(string project, string frameworks) =>
        Error("WRB004", $"The project targets {frameworks}, of which none is for a runtime that the node has. Choose one: set \"TargetFramework\" among the build properties, or add one to the project.", project);

    public static BuildDiagnostic NewerThanFramework(string project, string assembly, Version wanted, Version? has, string? package) =>
        Error("WRB006", $"{assembly} {wanted}{(package is null ? "" : $" (package {package})")} is newer than the node's shared framework has ({has}), and that is the one it would get. Use an older version of the package, or a WatchReload for the newer framework.", project);

    public static BuildDiagnostic RestoreFailed(string project, int exitCode, string output) =>
        Error("NU1000", $"dotnet restore ended with exit code {exitCode} and named no cause. It said: {output}", project);

    public static BuildDiagnostic FailedWithoutCause(string project, string? exception) =>
        Error("WRB007", $"The build failed, and MSBuild named no cause{(exception is null ? "" : $": {exception}")}. The build log may tell more.", project);

    public static BuildDiagnostic Defect(string project, Exception exception) =>
        Error(BuilderDefect.Code, $"A defect in the builder: {exception.GetType().Name}: {exception.Message} It is started anew for the next build.", project);

    public static BuildDiagnostic OfTheFuture(string output, string problem) =>
        Error("WRB009", $"{output} was built later than it is now, so that no edit would be newer, and its time cannot be set: {problem}. Set the clock, or remove the file; if it belongs to another user, give it back: chown.", output);

    public static BuildDiagnostic StampNotWritten(string stamp, string problem) =>
        Error("WRB012", $"{stamp} cannot be written, without which old code could be taken for new: {problem} Make room on the disk; if the directory belongs to another user, give it back: chown.", stamp);

    public static BuildDiagnostic Unlike(string project, string difference) =>
        new(DiagnosticSeverity.Warning, "WRB010", $"--verify: the replay lane {difference}. What MSBuild says is taken. Unless the moment made MSBuild fail (a full disk, a file in use), this is a defect of WatchReload: report it, with the edit that led to it.", project, 0, 0, 0, 0, null);

    public static BuildDiagnostic ResponseSwitch(string file, string word) =>
        Error("WRB011", $"{file} has {word}, which is not honoured here, and the build would not be what dotnet build makes. Take it out, or say the same by properties, in Directory.Build.props or as -p: there (-warnaserror: MSBuildTreatWarningsAsErrors).", file);

    public static BuildDiagnostic PatternTooVast(string project, FilePattern pattern) =>
        new(DiagnosticSeverity.Warning, "WRB013", $"A pattern looks through more than {TreeListing.Many.ToString("N0", CultureInfo.InvariantCulture)} files and directories ({Path.Combine(pattern.Directory, "**", pattern.Name)}), so that a file that comes there is not noticed before the next build. Have it begin in a smaller directory, or leave directories out as a whole (Exclude=\"DIRECTORY/**\").", project, 0, 0, 0, 0, null);

    public static BuildDiagnostic Circular(string project, string message) => Error("MSB4006", message, project);

    private static BuildDiagnostic Error(string code, string message, string? file) => new(DiagnosticSeverity.Error, code, message, file, 0, 0, 0, 0, null);
}
