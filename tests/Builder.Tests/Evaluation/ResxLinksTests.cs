using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Tests.Support;

namespace WatchReload.Builder.Tests.Evaluation;

public sealed class ResxLinksTests : IDisposable
{
    private readonly Tree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Are_the_files_that_resources_are_taken_from()
    {
        await Task.CompletedTask;
        _tree.Write("src/Texts.resx", """
            <root>
              <data name="Text"><value>..\not\a\link.txt</value></data>
              <data name="One" type="System.Resources.ResXFileRef, System.Windows.Forms"><value>..\parts\one.bin;System.Byte[], mscorlib</value></data>
              <data name="Two" type="System.Resources.ResXFileRef"><value>"a; b.txt";System.String, mscorlib;utf-8</value></data>
            </root>
            """);
        Assert.Equal([_tree["parts/one.bin"], _tree["src/a; b.txt"]], ResxLinks.Of(_tree["src/Texts.resx"]));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("broken.resx", "<root><data type=\"System.Resources.ResXFileRef\">")]
    [InlineData("no.txt", "System.Resources.ResXFileRef")]
    public async Task Are_none_of_what_cannot_be_read(string file, string text)
    {
        await Task.CompletedTask;
        _tree.Write(file, text);
        Assert.Empty(ResxLinks.Of(_tree[file]));
        Assert.Empty(ResxLinks.Of(_tree["gone.resx"]));
    }
}
