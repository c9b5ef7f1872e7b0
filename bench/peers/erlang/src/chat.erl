%% The chat of src/Service as the Erlang recipe has it: one module, an index and a process for each connection, all of which
%% enter the module again by a fully qualified call. docs/protocol.md has the lines.
%%
%% Theory of operation. A process runs the code it was in until it makes a fully qualified call. All wait in index/1,
%% connection/1 or accept/2, and every message there ends in such a call, so that after code_change/0 nobody is left in the
%% old code, and the purge before the next load kills nobody. Three things need care:
%%   - accept/2 cannot receive a message while it accepts: it comes back every ACCEPT_MS and calls itself.
%%   - A connection that is being accepted during a change is not missed: it waits for `go`, which the index sends when it
%%     has it on its list. So it is either on the list when the code changes, or it gets `go` afterwards; both lead to a call.
%%   - While a question to the index is open no further line is asked for ({active, once}), so answers keep their order.
-module(chat).
-export([start/2, code_change/0]).
-export([listen/3, accept/2, index/1, connection/1]).
-include_lib("kernel/include/logger.hrl").

-define(VERSION, "1").
-define(MAX_LINE, 4096).
-define(ACCEPT_MS, 50).
-define(LINGER_MS, 1000).

-record(index, {connections = #{}, names = #{}}).
-record(connection, {socket, name = none, pings = 0}).

%% Returns when the port is open; the file says so to the script that started the node.
start(Port, Ready) ->
    yes = global:register_name(index, spawn(?MODULE, index, [#index{}])),
    spawn(?MODULE, listen, [Port, Ready, self()]),
    receive
        listening -> ok;
        {failed, Reason} -> io:format("port ~b: ~s~n", [Port, inet:format_error(Reason)]), halt(1)
    end.

%% The recipe's entry: called once in the new code after it was loaded.
code_change() ->
    global:send(index, code_change),
    ok.

%% The process that opens the listener owns it, and goes on to accept.
listen(Port, Ready, Starter) ->
    Options = [binary, {packet, line}, {buffer, ?MAX_LINE + 2}, {active, false}, {reuseaddr, true},
               {nodelay, true}, {backlog, 1024}, {ip, {127, 0, 0, 1}}],
    case gen_tcp:listen(Port, Options) of
        {ok, Listener} ->
            ok = file:write_file(Ready, "listening\n"),
            Starter ! listening,
            ?MODULE:accept(Listener, global:whereis_name(index));
        {error, Reason} -> Starter ! {failed, Reason}
    end.

accept(Listener, Index) ->
    case gen_tcp:accept(Listener, ?ACCEPT_MS) of
        {ok, Socket} ->
            Pid = spawn(?MODULE, connection, [#connection{socket = Socket}]),
            ok = gen_tcp:controlling_process(Socket, Pid),
            Index ! {connected, Pid};
        {error, timeout} -> ok;
        {error, Reason} -> ?LOG_WARNING("accept: ~p", [Reason]), timer:sleep(?ACCEPT_MS)
    end,
    ?MODULE:accept(Listener, Index).

%% The index: who is here, named or not yet.

index(S = #index{connections = Connections, names = Names}) ->
    receive
        {connected, Pid} ->
            erlang:monitor(process, Pid),
            Pid ! go,
            ?MODULE:index(S#index{connections = Connections#{Pid => none}});
        {join, Pid, Name} when is_map_key(Name, Names) ->
            Pid ! {taken, Name},
            ?MODULE:index(S);
        {join, Pid, Name} ->
            Pid ! {joined, Name},
            ?MODULE:index(S#index{connections = Connections#{Pid => Name}, names = Names#{Name => Pid}});
        {leave, Pid} ->
            Pid ! left,
            ?MODULE:index(free(Pid, S));
        {who, Pid} ->
            Pid ! {present, lists:sort(maps:keys(Names))},
            ?MODULE:index(S);
        {say, Pid, Name, Text} ->
            [Other ! {said, Name, Text} || Other <- maps:values(Names), Other =/= Pid],
            ?MODULE:index(S);
        {'DOWN', _, process, Pid, _} ->
            ?MODULE:index(free(Pid, S));
        code_change ->
            ?LOG_NOTICE("Code change: the index tells ~b connections.", [map_size(Connections)]),
            [Pid ! code_change || Pid <- maps:keys(Connections)],
            ?MODULE:index(S)
    end.

free(Pid, S = #index{connections = Connections, names = Names}) ->
    S#index{connections = maps:remove(Pid, Connections), names = maps:remove(maps:get(Pid, Connections, none), Names)}.

%% A connection.

connection(S = #connection{socket = Socket, name = Name}) ->
    receive
        go -> take(S);
        {tcp, Socket, Data} -> frame(Data, S);
        {joined, New} -> answer(["hello ", New], S#connection{name = New});
        {taken, Wanted} -> finish(["taken ", Wanted], S);
        left -> finish("bye", S);
        {present, Names} -> answer(["who ", lists:join($\s, Names)], S);
        {said, Other, Text} ->
            write([Other, ": ", Text], S),
            ?MODULE:connection(S);
        code_change ->
            ?LOG_NOTICE("Code change: the connection of ~ts.", [Name]),
            ?MODULE:connection(S);
        {tcp_closed, Socket} -> ok;
        {tcp_error, Socket, _} -> gen_tcp:close(Socket)
    end.

frame(Data, S) ->
    case line(Data) of
        too_long -> finish("? line too long", S);
        Line when S#connection.name =:= none -> introduce(Line, S);
        Line -> obey(Line, S)
    end.

introduce(Line, S) ->
    case is_name(Line) of
        true -> question({join, self(), Line}, S);
        false -> finish("? bad name", S)
    end.

obey(not_utf8, S) -> answer("? not UTF-8", S);
obey(<<"/ping ", Text/binary>>, S = #connection{pings = Pings}) when Text =/= <<>> ->
    answer(["pong ", Text, $\s, integer_to_binary(Pings + 1)], S#connection{pings = Pings + 1});
obey(<<"/who">>, S) -> question({who, self()}, S);
obey(<<"/version">>, S) -> answer(["version ", ?VERSION], S);
obey(<<"/quit">>, S) -> question({leave, self()}, S);
obey(<<"/", _/binary>>, S) -> answer("? unknown command", S);
obey(Text, S = #connection{name = Name}) ->
    global:send(index, {say, self(), Name, Text}),
    take(S).

%% No line is asked for until the index has answered.
question(Question, S) ->
    global:send(index, Question),
    ?MODULE:connection(S).

answer(Text, S) ->
    write(Text, S),
    take(S).

take(S = #connection{socket = Socket}) ->
    case inet:setopts(Socket, [{active, once}]) of
        ok -> ?MODULE:connection(S);
        {error, _} -> gen_tcp:close(Socket)
    end.

%% A peer that is gone shows by tcp_closed.
write(Text, #connection{socket = Socket}) -> gen_tcp:send(Socket, [Text, $\n]).

%% What the peer has sent and nobody will read would turn the close into a reset, which takes the last answer with it.
finish(Text, S = #connection{socket = Socket}) ->
    write(Text, S),
    gen_tcp:shutdown(Socket, write),
    inet:setopts(Socket, [{packet, raw}, {active, true}]),
    receive
        {tcp_closed, Socket} -> ok
    after ?LINGER_MS -> gen_tcp:close(Socket)
    end.

%% {packet, line} cuts a line that is too long for the buffer: then its end is missing.
line(Data) ->
    Size = byte_size(Data) - 1,
    case Data of
        <<Line:Size/binary, $\n>> -> text(without_return(Line, Size - 1));
        _ -> too_long
    end.

without_return(Line, Size) ->
    case Line of
        <<Text:Size/binary, $\r>> -> Text;
        _ -> Line
    end.

text(Line) when byte_size(Line) > ?MAX_LINE -> too_long;
text(Line) ->
    case unicode:characters_to_binary(Line) of
        Text when is_binary(Text) -> Text;
        _ -> not_utf8
    end.

is_name(not_utf8) -> false;
is_name(<<>>) -> false;
is_name(<<"/", _/binary>>) -> false;
is_name(Name) -> not lists:any(fun is_white/1, unicode:characters_to_list(Name)).

is_white(C) ->
    (C >= 9 andalso C =< 13) orelse (C >= 16#2000 andalso C =< 16#200A)
        orelse lists:member(C, [$\s, 16#85, 16#A0, 16#1680, 16#2028, 16#2029, 16#202F, 16#205F, 16#3000]).
