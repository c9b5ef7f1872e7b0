using WatchReload.Bench.Results;

namespace WatchReload.Bench.Report;

/// <summary>Curves over one axis, both linear from 0.</summary>
internal static class LineChart
{
    private const int Width = 900;
    private const int Height = 340;
    private const int Left = 60;
    private const int Right = 30;
    private const int Top = 70;
    private const int Bottom = 45;
    private const int Marks = 5;

    public static string Draw(string title, IReadOnlyList<Curve> curves)
    {
        var svg = new Svg(Width, Height);
        var mostX = curves.SelectMany(c => c.Points).Max(p => p[0]);
        var mostY = curves.SelectMany(c => c.Points).Max(p => p[1]) * 1.05;
        double X(double value) => Left + (value / mostX * (Width - Left - Right));
        double Y(double value) => Height - Bottom - (value / mostY * (Height - Top - Bottom));

        svg.Text(12, 24, $"{title}, {curves[0].Y}", "title");
        for (var i = 0; i <= Marks; i++)
        {
            svg.Line(Left, Y(mostY * i / Marks), Width - Right, Y(mostY * i / Marks), "grid");
            svg.Text(Left - 6, Y(mostY * i / Marks) + 4, Numbers.Text(mostY * i / Marks), "small", "end");
            svg.Text(X(mostX * i / Marks), Height - Bottom + 18, Numbers.Text(mostX * i / Marks), "small", "middle");
        }

        svg.Text(Width - Right, Height - 8, curves[0].X, "small", "end");
        for (var (i, x) = (0, 12.0); i < curves.Count; x += (curves[i++].Name.Length * 7) + 40)
        {
            svg.Box(x, 38, 12, 12, $"box s{i % 5}");
            svg.Text(x + 18, 49, curves[i].Name);
            svg.Path(curves[i].Points.Select(p => (X(p[0]), Y(p[1]))), $"line s{i % 5}");
        }

        return svg.ToString();
    }
}
