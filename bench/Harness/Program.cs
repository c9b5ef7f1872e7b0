using WatchReload.Bench;

return await BenchCommand.Run(args, Console.Out, Console.Error);
