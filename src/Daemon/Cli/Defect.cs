using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WatchReload.Daemon.Cli;

/// <summary>What nobody foresaw: told in two lines, with the details in a file for whoever mends it.</summary>
internal static class Defect
{
    public static int Report(Exception defect, CommandContext context)
    {
        context.Error.Tell($"watchreload has a defect: {defect.GetType().Name}: {defect.Message}");
        context.Error.Tell(TryWrite(defect, context) is { } file ? $"The details are in {file}; please report it with them." : defect.ToString());
        return ExitCode.Defect;
    }

    private static string? TryWrite(Exception defect, CommandContext context)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"watchreload-defect-{context.Time.GetUtcNow():yyyyMMdd-HHmmss}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}.log");
        var file = Path.Combine(Path.GetTempPath(), name);
        try
        {
            // Others can write to this directory: what is there under that name is not followed, and what an exception tells is not for them.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var details = new FileStream(file, options);
            details.Write(Encoding.UTF8.GetBytes($"{typeof(Defect).Assembly.GetName().Version}\n{defect}\n"));
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // the caller prints the details instead
        }
    }
}
