using System.Globalization;

namespace WatchReload.Bench.Emit;

/// <summary>Answers edits with what their emit took. Apart from the program, as Roslyn can only be named once it is found.</summary>
internal static class EmitLoop
{
    public static void Run(string directory, IReadOnlyList<string> arguments, TextReader input, TextWriter output)
    {
        WarmCompilation compilation;
        try
        {
            compilation = new WarmCompilation(directory, arguments);
        }
        catch (EmitException e)
        {
            Answer(output, "error " + e.Message);
            return;
        }

        Answer(output, "ready");
        while (input.ReadLine() is { } line)
        {
            try
            {
                var milliseconds = compilation.Edit(line.Split('\t'));
                Answer(output, string.Create(CultureInfo.InvariantCulture, $"ms {milliseconds:0.####}"));
                GC.Collect(1, GCCollectionMode.Forced, blocking: true); // as the builder does between edits, so that none falls into one
            }
            catch (Exception e) when (e is EmitException or IOException)
            {
                Answer(output, "error " + e.Message);
            }
        }
    }

    private static void Answer(TextWriter output, string text)
    {
        output.WriteLine(text.ReplaceLineEndings(" "));
        output.Flush();
    }
}
