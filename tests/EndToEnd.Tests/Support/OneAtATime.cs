// A test here has several processes of its own, of which some compile: side by side they would only take each other's processors.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
