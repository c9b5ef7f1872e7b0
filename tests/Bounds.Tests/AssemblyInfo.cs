// What is counted here is counted for the process as a whole: nothing else may run beside it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
