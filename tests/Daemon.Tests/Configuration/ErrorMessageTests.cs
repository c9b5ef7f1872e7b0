using WatchReload.Daemon.Configuration;

namespace WatchReload.Daemon.Tests.Configuration;

/// <summary>Every message of watch.json, with its exact place. <c>§</c> in the table stands for a valid project.</summary>
public sealed class ErrorMessageTests
{
    private const string Durations = "Write a number and its unit in quotes, such as \"8ms\", \"2s\", \"1m\", \"1h\".";
    private const string Sizes = "Write a number and its unit in quotes, such as \"512MB\" or \"2GB\".";
    private const string Host = "Remove it here; put it into the host's configuration (--host-config), or set ";

    public static TheoryData<string, int, int, string, string> Table => new()
    {
        // keys
        { "{ §, \"nods\": [] }", 1, 31, "\"nods\" is not a setting.", "Did you mean \"nodes\"?" },
        { "{ §, \"Nodes\": [{}] }", 1, 31, "\"Nodes\" is not a setting.", "Did you mean \"nodes\"?" },
        { "{\n  §,\n  \"watch\": {\n    \"setle\": \"8ms\" } }", 4, 5, "\"setle\" is not a setting of watch.", "Did you mean \"settle\"?" },
        { "{ §, \"watch\": { \"settel\": \"8ms\" } }", 1, 42, "\"settel\" is not a setting of watch.", "Did you mean \"settle\"?" },
        { "{ §, \"settle\": \"8ms\" }", 1, 31, "\"settle\" is not a setting.", "Did you mean watch.settle?" },
        { "{ §, \"reload\": { \"quux\": 1 } }", 1, 43, "\"quux\" is not a setting of reload.", "Known here: probation, stragglers." },
        { "{ §, \"nodes\": [{ \"nmae\": \"a\" }] }", 1, 43, "\"nmae\" is not a setting of nodes[0].", "Did you mean \"name\"?" },
        { "{ §, \"\\u0007x\": 1 }", 1, 31, "\"\\u0007x\" is not a setting.", "Known here: $schema, build, builder, configuration, git, hook, log, nodes, packages, project, releases, reload, state, watch." },
        { "{ §,\n  \"log\": { \"level\": \"debug\",\n    \"level\": \"error\" } }", 3, 5, "\"level\" is given twice, first on line 2.", "Keep one." },
        { "{ §, \"watch\": 5 }", 1, 40, "watch is a number, not a group of settings.", "Write \"watch\": { … }." },
        { "{ §, \"log\": null }", 1, 38, "log is null, not a group of settings.", "Write \"log\": { … }." },

        // project
        { "{ }", 1, 1, "project is missing: nothing says which project is the service.", "Name its project file, such as \"project\": \"src/Service/Service.csproj\"." },
        { "\n\n  { \"git\": {} }", 3, 3, "project is missing: nothing says which project is the service.", "Name its project file, such as \"project\": \"src/Service/Service.csproj\"." },
        { "{ \"project\": 7 }", 1, 14, "project is a number, not a path.", "Write it in quotes." },
        { "{ \"project\": null }", 1, 14, "project is null, not a path.", "Write it in quotes." },
        { "{ \"project\": \" \" }", 1, 14, "project is empty.", "Name a path, or leave it out." },
        { "{ \"project\": \"a\\u0000b\" }", 1, 14, "project has a NUL character.", "Remove it." },
        { "{ \"project\": \"Gone.csproj\" }", 1, 14, "project does not exist: ROOT/Gone.csproj.", "Name a project file that exists: Service.csproj." },
        { "{ \"project\": \"no/Gone.csproj\" }", 1, 14, "project does not exist: ROOT/no/Gone.csproj.", "Name a project file that exists; the path starts at the directory of its watch.json." },
        { "{ \"project\": \"a\\u001b[2J.csproj\" }", 1, 14, "project does not exist: ROOT/a\\u001b[2J.csproj.", "Name a project file that exists: Service.csproj." },
        { "{ \"project\": \".\" }", 1, 14, "project is a directory, not a project file: ROOT.", "Name the project file in it: Service.csproj." },
        { "{ \"project\": \"watch.json\" }", 1, 14, "project is not a project file: ROOT/watch.json.", "Name a .csproj file: Service.csproj." },

        // texts
        { "{ §, \"configuration\": true }", 1, 48, "configuration is true or false, not a text.", "Write it in quotes." },
        { "{ §, \"configuration\": \"De bug\" }", 1, 48, "configuration is \"De bug\".", "Name a configuration of the project, such as \"Debug\" or \"Release\"." },
        { "{ §, \"state\": [] }", 1, 40, "state is a list, not a path.", "Write it in quotes." },
        { "{ §, \"$schema\": 1 }", 1, 42, "$schema is a number, not a text.", "Write it in quotes." },

        // numbers
        { "{ §, \"releases\": { \"keep\": \"ten\" } }", 1, 53, "releases.keep is a text, not a number.", "Choose a whole number from 1 to 10000." },
        { "{ §, \"releases\": { \"keep\": 0 } }", 1, 53, "releases.keep is 0, out of range.", "Choose a whole number from 1 to 10000." },
        { "{ §, \"releases\": { \"keep\": 1.5 } }", 1, 53, "releases.keep is 1.5, out of range.", "Choose a whole number from 1 to 10000." },
        { "{ §, \"releases\": { \"keep\": 99999999999999 } }", 1, 53, "releases.keep is 99999999999999, out of range.", "Choose a whole number from 1 to 10000." },
        { "{ §, \"log\": { \"keep\": null } }", 1, 48, "log.keep is null, not a number.", "Choose a whole number from 1 to 1000." },

        // durations and sizes
        { "{ §, \"watch\": { \"settle\": 8 } }", 1, 52, "watch.settle is a number, not a duration.", Durations },
        { "{ §, \"watch\": { \"settle\": \"8 msec\" } }", 1, 52, "watch.settle is \"8 msec\", which is not a duration.", Durations },
        { "{ §, \"watch\": { \"settle\": \"-8ms\" } }", 1, 52, "watch.settle is \"-8ms\", which is not a duration.", Durations },
        { "{ §, \"watch\": { \"settle\": \"1m\" } }", 1, 52, "watch.settle is \"1m\", out of range.", "Choose 0s to 10s." },
        { "{ §, \"watch\": { \"pollInterval\": \"1ms\" } }", 1, 58, "watch.pollInterval is \"1ms\", out of range.", "Choose 50ms to 1m." },
        { "{ §, \"watch\": { \"rescan\": \"99999999999999999999d\" } }", 1, 52, "watch.rescan is \"99999999999999999999d\", which is not a duration.", Durations },
        { "{ §, \"watch\": { \"burst\": \"5ms\" } }", 1, 51, "watch.burst makes the quiet time after many changes (5ms) shorter than after one (8ms).", "Make watch.burst at least as long as watch.settle." },
        { "{ §, \"watch\": { \"settle\": \"2s\" } }", 1, 52, "watch.settle makes the quiet time after many changes (100ms) shorter than after one (2s).", "Make watch.burst at least as long as watch.settle." },
        { "{ §, \"builder\": { \"hangLimit\": \"1s\" } }", 1, 57, "builder.hangLimit is \"1s\", out of range.", "Choose 10s to 1d." },
        { "{ §, \"builder\": { \"memoryLimit\": \"1 pound\" } }", 1, 59, "builder.memoryLimit is \"1 pound\", which is not a size.", Sizes },
        { "{ §, \"builder\": { \"memoryLimit\": \"1MB\" } }", 1, 59, "builder.memoryLimit is \"1MB\", out of range.", "Choose 256MB to 1TB." },
        { "{ §, \"releases\": { \"minimumFreeSpace\": 1024 } }", 1, 65, "releases.minimumFreeSpace is a number, not a size.", Sizes },

        // choices
        { "{ §, \"watch\": { \"polling\": \"allways\" } }", 1, 53, "watch.polling is \"allways\".", "Did you mean \"always\"? Choose \"auto\", \"always\" or \"never\"." },
        { "{ §, \"watch\": { \"polling\": false } }", 1, 53, "watch.polling is true or false, not one of the words.", "Choose \"auto\", \"always\" or \"never\"." },
        { "{ §, \"reload\": { \"stragglers\": \"wait\" } }", 1, 57, "reload.stragglers is \"wait\".", "Choose \"late\" or \"refuse\"." },
        { "{ §, \"log\": { \"level\": \"none\" } }", 1, 49, "log.level is \"none\".", "Choose \"trace\", \"debug\", \"information\", \"warning\", \"error\" or \"critical\"." },
        { "{ §, \"log\": { \"rolling\": \"weekly\" } }", 1, 51, "log.rolling is \"weekly\".", "Choose \"never\", \"hour\" or \"day\"." },

        // globs
        { "{ §, \"watch\": { \"exclude\": \"*.md\" } }", 1, 53, "watch.exclude is a text, not a list of texts.", "Write a list of texts: [\"…\", \"…\"]." },
        { "{ §, \"watch\": { \"exclude\": [\"a\", 5] } }", 1, 59, "watch.exclude[1] is a number, not a text.", "Write it in quotes." },
        { "{ §, \"watch\": { \"include\": [\"\"] } }", 1, 54, "watch.include[0] is \"\", an empty glob.", "Remove it, or write a glob such as \"**/*.md\"." },
        { "{ §, \"watch\": { \"include\": [\"!a\"] } }", 1, 54, "watch.include[0] is \"!a\", and a glob cannot be negated.", "Put it into watch.exclude, without the \"!\"." },
        { "{ §, \"watch\": { \"include\": [\"a{b,c}\"] } }", 1, 54, "watch.include[0] is \"a{b,c}\", but \"{\" has no meaning in these globs.", "Use * within a name and ** for any directories; write alternatives as globs of their own." },
        { "{ §, \"watch\": { \"include\": [\"/etc/*\"] } }", 1, 54, "watch.include[0] is \"/etc/*\", but globs are relative.", "Write it relative to the directory of watch.json." },
        { "{ §, \"watch\": { \"include\": [\"../x/*\"] } }", 1, 54, "watch.include[0] is \"../x/*\", which leaves the directory of watch.json.", "Inputs outside it are watched anyway, because the build names them." },

        // nodes
        { "{ §, \"nodes\": {} }", 1, 40, "nodes is an object, not a list of objects.", "Write a list of objects: \"nodes\": [ { … } ]." },
        { "{ §, \"nodes\": [] }", 1, 40, "nodes is an empty list.", "Name at least one, or leave it out." },
        { "{ §, \"nodes\": [\"a\"] }", 1, 41, "nodes[0] is a text, not an object.", "Write a list of objects: \"nodes\": [ { … } ]." },
        { "{ §, \"nodes\": [{ \"name\": \"A b\" }] }", 1, 51, "nodes[0].name is \"A b\".", "Use lower-case letters, digits and hyphens, at most 32, the first not a hyphen." },
        { "{ §, \"nodes\": [{ \"name\": \"a\\n\" }] }", 1, 51, "nodes[0].name is \"a\\n\".", "Use lower-case letters, digits and hyphens, at most 32, the first not a hyphen." },
        { "{ §, \"nodes\": [{ \"name\": \"../x\" }] }", 1, 51, "nodes[0].name is \"../x\".", "Use lower-case letters, digits and hyphens, at most 32, the first not a hyphen." },
        { "{ §, \"nodes\": [{ \"name\": \"daemon\" }] }", 1, 51, "nodes[0].name is \"daemon\", the name of a process of WatchReload's own.", "Choose another name." },
        { "{ §, \"nodes\": [{ \"name\": \"a\" }, { \"name\": \"a\" }] }", 1, 68, "nodes[1].name is \"a\", as another node's is.", "Give each node a name of its own." },
        { "{ §, \"nodes\": [{ \"name\": \"A b\" }, { }] }", 1, 51, "nodes[0].name is \"A b\".", "Use lower-case letters, digits and hyphens, at most 32, the first not a hyphen." },
        { "{ §, \"nodes\": [{ }, { }] }", 1, 46, "nodes[1].name is \"main\", as another node's is.", "Give each node a name of its own." },
        { "{ §, \"nodes\": [{ \"environment\": [] }] }", 1, 58, "nodes[0].environment is a list, not an object of texts.", "Write { \"NAME\": \"value\" }." },
        { "{ §, \"nodes\": [{ \"environment\": { \"A\": 1 } }] }", 1, 65, "nodes[0].environment.A is a number, not a text.", "Write it in quotes." },
        { "{ §, \"nodes\": [{ \"environment\": { \"A=B\": \"\" } }] }", 1, 60, "nodes[0].environment.A=B is not the name of an environment variable.", "Use a name without \"=\"." },
        { "{ §, \"nodes\": [{ \"environment\": { \"Db__Password\": \"x\" } }] }", 1, 60, "nodes[0].environment.Db__Password looks like a secret, and watch.json is no place for those.", "Set it in the environment in which watchreload starts: nodes inherit that." },
        { "{ §, \"nodes\": [{ \"environment\": { \"Db\": \"Host=a;Password=b\" } }] }", 1, 60, "nodes[0].environment.Db looks like a secret, and watch.json is no place for those.", "Set it in the environment in which watchreload starts: nodes inherit that." },
        { "{ §, \"nodes\": [{ \"arguments\": [null] }] }", 1, 57, "nodes[0].arguments[0] is null, not a text.", "Write it in quotes." },

        // what the tree must not say
        { "{ §, \"git\": { \"branch\": \"main\" } }", 1, 50, "git.branch decides what gets live, so the tree must not say it.", Host + "WATCHRELOAD_GIT__BRANCH." },
        { "{ §, \"git\": { \"remote\": \"origin\" } }", 1, 50, "git.remote decides what gets live, so the tree must not say it.", Host + "WATCHRELOAD_GIT__REMOTE." },
        { "{ §, \"reload\": { \"probation\": \"0s\" } }", 1, 56, "reload.probation decides what gets live, so the tree must not say it.", Host + "WATCHRELOAD_RELOAD__PROBATION." },
        { "{ §, \"hook\": { \"group\": \"git\" } }", 1, 50, "hook.group decides what gets live, so the tree must not say it.", Host + "WATCHRELOAD_HOOK__GROUP." },
        { "{ §, \"build\": { \"user\": \"root\" } }", 1, 50, "build.user decides what gets live, so the tree must not say it.", Host + "WATCHRELOAD_BUILD__USER." },
        { "{ §, \"build\": { \"directory\": \"/b\" } }", 1, 55, "build.directory decides what gets live, so the tree must not say it.", Host + "WATCHRELOAD_BUILD__DIRECTORY." },
        { "{ §, \"hook\": { \"socket\": \"/run/x/s\" } }", 1, 51, "hook.socket decides what gets live, so the tree must not say it.", Host + "WATCHRELOAD_HOOK__SOCKET." },

        // JSON
        { "", 1, 1, "This is not JSON: The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, when isFinalBlock is true.", Mend },
        { "[]", 1, 1, "The file holds a list, not an object.", "Write { \"project\": \"…\" }." },
        { "{\n  §\n  \"nodes\": [] }", 3, 3, "This is not JSON: '\"' is invalid after a value. Expected either ',', '}', or ']'.", Mend },
        { "{ § } x", 1, 32, "This is not JSON: 'x' is invalid after a single JSON value. Expected end of data.", Mend },
        { "{ \"project\": \"\\ud800\" }", 1, 14, "This text has half a character: an escape of a surrogate without the other.", "Write the character itself." },
        { "{ /* é */ \"é\": 1, § }", 1, 11, "\"é\" is not a setting.", "Known here: $schema, build, builder, configuration, git, hook, log, nodes, packages, project, releases, reload, state, watch." },
        { "{ /* 😀 */ \"é\": 1, § }", 1, 12, "\"é\" is not a setting.", "Known here: $schema, build, builder, configuration, git, hook, log, nodes, packages, project, releases, reload, state, watch." },
        { "{ // a comment\r\n\t\"nods\": [{}], § }", 2, 2, "\"nods\" is not a setting.", "Did you mean \"nodes\"?" },
    };

    private const string Mend = "Mend it here, or on the line before: a comma, a quote or a bracket is missing or too many.";

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Table))]
    public async Task Error_names_place_cause_and_remedy_when_the_file_is_wrong(string json, int line, int column, string message, string remedy)
    {
        await Task.Yield();
        using var tree = new Tree(json.Replace("§", "\"project\":\"Service.csproj\"", StringComparison.Ordinal));
        var error = tree.LoadWithOneError();
        Assert.Equal(new ConfigurationError(tree.File, line, column, message.Replace("ROOT", tree.Root, StringComparison.Ordinal), remedy), error);
    }

    [Fact(Timeout = 60_000)]
    public async Task All_errors_come_together_in_the_order_of_the_file_when_there_are_several()
    {
        await Task.Yield();
        using var tree = new Tree("""
            {
              "project": "Gone.csproj",
              "nods": [],
              "watch": { "settle": 5, "polling": "sometimes", "exclude": [1, "!x"] },
              "releases": { "keep": 0, "keep": 3 },
              "git": { "branch": "main" },
            }
            """);
        tree.Variables["WATCHRELOAD_LOG__LEVL"] = "debug";
        var errors = tree.Load().Errors;
        Assert.Equal(
            [(2, 14), (3, 3), (4, 24), (4, 38), (4, 63), (4, 66), (5, 25), (5, 28), (6, 22), (0, 0)],
            errors.Select(error => (error.Line, error.Column)));
        Assert.Equal("WATCHRELOAD_LOG__LEVL: This environment variable is not a setting. Did you mean WATCHRELOAD_LOG__LEVEL?", errors[^1].ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Error_names_the_byte_when_the_file_is_not_utf8()
    {
        await Task.Yield();
        using var tree = new Tree();
        await File.WriteAllBytesAsync(tree.File, [.. "{\n  \"a\""u8, 0xff, .. "}"u8], TestContext.Current.CancellationToken);
        Assert.Equal($"{tree.File}(2,6): This is not UTF-8. Save the file as UTF-8.", tree.LoadWithOneError().ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Error_says_so_when_the_file_is_far_too_large()
    {
        await Task.Yield();
        using var tree = new Tree(new string(' ', 1 << 20) + " {}");
        Assert.Equal("The file is larger than 1 MB.", tree.LoadWithOneError().Message);
    }
}
