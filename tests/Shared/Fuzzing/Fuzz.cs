using System.Globalization;

namespace WatchReload.Tests;

/// <summary>
/// Feeds what reads outside input with damaged and random input. Each case has a seed of its own, so that a run in CI can be repeated; a failure
/// shows the case's bytes. <c>WATCHRELOAD_FUZZ</c>, a number, runs so many times the cases; <c>WATCHRELOAD_TEST_SEED</c> tries others.
/// </summary>
internal static class Fuzz
{
    /// <summary>For the test's attribute, in milliseconds: the deadlines here, which grow with the number of cases, come first.</summary>
    public const int Longest = 12 * 60 * 60_000;

    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(30);

    private static int Times { get; } = Number("WATCHRELOAD_FUZZ", 1);

    private static int Seed { get; } = Number("WATCHRELOAD_TEST_SEED", 20_261_128);

    /// <param name="cases">In CI.</param>
    /// <param name="valid">What the input looks like when it is good; mutations start from these.</param>
    /// <param name="check">Throws where a property does not hold; a case that does not end is a failure too.</param>
    public static async Task Each(int cases, IReadOnlyList<byte[]> valid, Func<byte[], Random, Task> check)
    {
        for (var i = 0; i < cases * Times; i++)
        {
            var random = new Random(HashCode(Seed, i));
            var input = Mutation.Of(valid, random);
            try
            {
                // On a thread of its own: a parser that loops for ever must not take the deadline with it.
                var checking = Task.Run(() => check(input, random), TestContext.Current.CancellationToken);
                await checking.WaitAsync(_hang, TestContext.Current.CancellationToken);
            }
            catch (Exception cause)
            {
                Assert.Fail($"Case {i} of seed {Seed}, {input.Length} bytes, in base64: {Convert.ToBase64String(input)}\n{(cause is TimeoutException ? $"It did not end within {_hang.TotalSeconds} s. " : "")}{cause}");
            }
        }
    }

    public static Task Each(int cases, IReadOnlyList<byte[]> valid, Action<byte[]> check) => Each(cases, valid, (input, _) =>
    {
        check(input);
        return Task.CompletedTask;
    });

    // Not System.HashCode, whose seed is another in every process.
    private static int HashCode(int seed, int number) => unchecked((seed * 486_187_739) + (number * 16_777_619));

    private static int Number(string variable, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : fallback;
}
