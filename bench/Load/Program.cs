using System.Text.Json;
using WatchReload.Bench.Load;

// Requests on standard input, answers on standard output, one JSON object a line; ends with its input.
using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
using var client = new LoadClient(answer => output.WriteLine(JsonSerializer.Serialize(answer, LoadJson.Default.LoadAnswer)));
var input = new Thread(() =>
{
    while (Console.In.ReadLine() is { } line) client.Post(JsonSerializer.Deserialize(line, LoadJson.Default.LoadRequest)!);
    client.Complete();
})
{ IsBackground = true };
input.Start();
client.Run();
