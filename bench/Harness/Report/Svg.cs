using System.Globalization;
using System.Text;

namespace WatchReload.Bench.Report;

/// <summary>A picture whose colours follow the reader's: light or dark.</summary>
internal sealed class Svg(int width, int height)
{
    private const string Style = """
        text { font: 12px system-ui, sans-serif; fill: #24292f }
        .title { font-size: 15px; font-weight: 600 } .small { font-size: 11px; fill: #57606a }
        .grid { stroke: #d0d7de; stroke-width: 1 } .background { fill: #ffffff }
        .s0 { stroke: #0969da; fill: #0969da } .s1 { stroke: #bc4c00; fill: #bc4c00 } .s2 { stroke: #1a7f37; fill: #1a7f37 } .s3 { stroke: #8250df; fill: #8250df } .s4 { stroke: #57606a; fill: #57606a }
        .box { fill-opacity: .3; stroke-width: 1 } .whisker { stroke-width: 1 } .median { stroke-width: 2.5 } .line { fill: none; stroke-width: 2 } text.label { stroke: none }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d } .background { fill: #0d1117 }
          .s0 { stroke: #4493f8; fill: #4493f8 } .s1 { stroke: #f0883e; fill: #f0883e } .s2 { stroke: #3fb950; fill: #3fb950 } .s3 { stroke: #ab7df8; fill: #ab7df8 } .s4 { stroke: #9198a1; fill: #9198a1 }
          .line { fill: none }
        }
        """;

    private readonly StringBuilder _body = new();

    public void Text(double x, double y, string text, string kind = "", string anchor = "start") =>
        Add($"""<text x="{x:0.#}" y="{y:0.#}" class="{kind}" text-anchor="{anchor}">{Escape(text)}</text>""");

    public void Line(double x1, double y1, double x2, double y2, string kind) =>
        Add($"""<line x1="{x1:0.#}" y1="{y1:0.#}" x2="{x2:0.#}" y2="{y2:0.#}" class="{kind}"/>""");

    public void Box(double x, double y, double boxWidth, double boxHeight, string kind) =>
        Add($"""<rect x="{x:0.#}" y="{y:0.#}" width="{Math.Max(1, boxWidth):0.#}" height="{boxHeight:0.#}" class="{kind}"/>""");

    public void Path(IEnumerable<(double X, double Y)> points, string kind) =>
        Add($"""<polyline points="{string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}")))}" class="{kind}"/>""");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
        <style>
        {Style}
        </style>
        <rect width="{width}" height="{height}" class="background"/>
        {_body}</svg>

        """);

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private void Add(FormattableString element) => _body.Append(FormattableString.Invariant(element)).Append('\n');
}
