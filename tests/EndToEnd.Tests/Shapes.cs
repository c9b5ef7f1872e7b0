namespace WatchReload.EndToEnd.Tests;

/// <summary>Forms that the state of a connection takes, one after the other.</summary>
internal static class Shapes
{
    /// <summary>Lets a client change and see what the states of <see cref="WithNotes"/> and later have.</summary>
    public static (string Old, string New) Commands { get; } = (
        "case ['/', ..]:",
        """
        case not null when Line.TryArgument("/note ", line, out var note):
                        s = s.WithNote(note);
                        self.WriteLine("noted");
                        break;
                    case not null when Line.TryArgument("/mood ", line, out var mood):
                        s = s.WithMood(mood);
                        self.WriteLine("noted");
                        break;
                    case "/state":
                        self.WriteLine(s.Describe());
                        break;
                    case ['/', ..]:
        """);

    public const string WithNotes = """
        using System.Collections.Immutable;

        namespace WatchReload.Service;

        public sealed record Note(string Text, int Number);

        public sealed record ConnectionState(string? Name, int Pings)
        {
            public static ConnectionState Unnamed => new(null, 0);
            public string Mood { get; init; } = "calm";
            public string Draft { get; init; } = "unsent";
            public ImmutableList<Note> Notes { get; init; } = [];

            public ConnectionState WithNote(string text) => this with { Notes = Notes.Add(new Note(text, Notes.Count + 1)) };
            public ConnectionState WithMood(string mood) => this with { Mood = mood };
            public string Describe() => $"notes {Name} {Mood} {Draft} {string.Join(' ', Notes.Select(n => $"{n.Text}:{n.Number}"))}";
        }
        """;

    public const string Renamed = """
        using System.Collections.Immutable;
        using WatchReload.Actors;

        namespace WatchReload.Service;

        public sealed record Note(string Text, long Number, bool Starred = false);

        public sealed record ConnectionState(string? Name, long Pings)
        {
            public static ConnectionState Unnamed => new(null, 0);
            [FormerName("Mood")] public string Temper { get; init; } = "none";
            public ImmutableList<Note> Notes { get; init; } = [];

            public ConnectionState WithNote(string text) => this with { Notes = Notes.Add(new Note(text, Notes.Count + 1)) };
            public ConnectionState WithMood(string mood) => this with { Temper = mood };
            public string Describe() => $"renamed {Name} {Temper} {string.Join(' ', Notes.Select(n => $"{n.Text}:{n.Number}:{n.Starred}"))}";
        }
        """;

    public const string Upgraded = """
        using System.Collections.Immutable;
        using WatchReload.Actors;

        namespace WatchReload.Service;

        public sealed record Note(string Text, long Number, bool Starred = false);

        public sealed record RenamedState(string? Name, long Pings)
        {
            public string Temper { get; init; } = "none";
            public ImmutableList<Note> Notes { get; init; } = [];
        }

        public sealed record ConnectionState(string? Name, long Pings) : IUpgrade<RenamedState, ConnectionState>, IDowngrade<ConnectionState, RenamedState>
        {
            public static ConnectionState Unnamed => new(null, 0);
            public ImmutableList<string> Words { get; init; } = [""];

            public static ConnectionState Upgrade(RenamedState old) =>
                new(old.Name, old.Pings) { Words = [old.Temper, .. old.Notes.Select(n => $"{n.Text} {n.Number}")] };

            public static RenamedState Downgrade(ConnectionState current) =>
                new(current.Name, current.Pings) { Temper = current.Words[0], Notes = [.. current.Words.Skip(1).Select(w => w.Split(' ')).Select(w => new Note(w[0], long.Parse(w[1])))] };

            public ConnectionState WithNote(string text) => this with { Words = Words.Add($"{text} {Words.Count}") };
            public ConnectionState WithMood(string mood) => this with { Words = Words.SetItem(0, mood) };
            public string Describe() => $"upgraded {Name} {string.Join(", ", Words)}";
        }
        """;

    public static string UpgradeThatThrowsFor(string name) => $$"""
        using WatchReload.Actors;

        namespace WatchReload.Service;

        public sealed record UnrankedState(string? Name, int Pings);

        public sealed record ConnectionState(string? Name, int Pings, int Rank) : IUpgrade<UnrankedState, ConnectionState>
        {
            public static ConnectionState Unnamed => new(null, 0, 0);

            public static ConnectionState Upgrade(UnrankedState old) =>
                old.Name == "{{name}}" ? throw new InvalidOperationException($"No rank for {old.Name}") : new(old.Name, old.Pings, 1);
        }
        """;
}
