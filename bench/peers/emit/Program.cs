using System.Runtime.Loader;
using WatchReload.Bench.Emit;

// Arguments: directory of the SDK's Roslyn, directory of the project, file with the compiler's arguments, one a line.
// Then each line of input names the files that were changed, apart by tabs; the answer is a line: "ms FIGURE" or "error TEXT".
if (args is not [var roslyn, var directory, var arguments])
{
    Console.Error.WriteLine("usage: WatchReload.Bench.Emit ROSLYN DIRECTORY ARGUMENTS");
    return 2;
}

AssemblyLoadContext.Default.Resolving += (context, name) =>
    Path.Combine(roslyn, name.Name + ".dll") is var path && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
EmitLoop.Run(directory, File.ReadAllLines(arguments), Console.In, Console.Out);
return 0;
