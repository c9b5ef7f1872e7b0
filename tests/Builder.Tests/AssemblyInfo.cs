// Builds are heavy; side by side they only wait for each other, and deadlines with them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
