namespace WatchReload.Analyzers.Tests.State;

public sealed class StateAnalyzerTests
{
    [Fact(Timeout = 60_000)]
    public async Task Member_that_is_not_data_is_underlined_where_it_is_written()
    {
        var found = Assert.Single(await Analyzed.Diagnose(Analyzed.Around + "public record Log(Stream Writer); public record State(Log Log);"));
        Assert.Equal("Writer", found.Location.SourceTree!.ToString()[found.Location.SourceSpan.Start..found.Location.SourceSpan.End]);
        Assert.Equal("State.Log.Writer: System.IO.Stream is not state: state is records, collections and values; take what does work from the container, or share it by ConfigureShared", found.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact(Timeout = 60_000)]
    public async Task Message_is_looked_at_as_the_state_is()
        => Assert.Equal(["WR0002 Work"], await Analyzed.Marks(Analyzed.Around + "public record State(int A); public record Go(Task Work) : Message; public record Other(int A) : Message;"));

    [Fact(Timeout = 60_000)]
    public async Task Member_is_told_of_once_when_two_behaviors_lead_to_it() => Assert.Equal(["WR0002 Writer"], await Analyzed.Marks("""
        public record Log(Stream Writer); public record A(Log Log); public record B(Log Log);
        public class First : Behavior<A, string> { public override ValueTask<A> Receive(A s, string m, Context self) => new(s); }
        public class Second : Behavior<B, string> { public override ValueTask<B> Receive(B s, string m, Context self) => new(s); }
        """));

    [Fact(Timeout = 60_000)]
    public async Task Behavior_is_underlined_when_its_state_has_no_source() => Assert.Equal(["WR0002 First"], await Analyzed.Marks(
        "public class First : Behavior<Stream, string> { public override ValueTask<Stream> Receive(Stream s, string m, Context self) => new(s); }"));

    [Fact(Timeout = 60_000)]
    public async Task Captured_parameter_is_a_member() => Assert.Equal(["WR0002 log"], await Analyzed.Marks(
        Analyzed.Around + "public class State(Stream log) { public long Length() => log.Length; }"));

    [Fact(Timeout = 60_000)]
    public async Task Type_that_no_behavior_keeps_may_be_anything()
        => Assert.Empty(await Analyzed.Marks(Analyzed.Around + "public record State(int A); public record Helper(Stream S); public abstract class Base<T> : Behavior<T, Stream> where T : notnull;"));
}
