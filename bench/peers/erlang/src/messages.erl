%% Local message passing, and the memory of a process that waits.
-module(messages).
-export([main/1, pong/0, ping/2, fan/2, parent/1, timeouts/1]).

-define(UNDER_WAY, 1000).
-define(AT_A_TIME, 100).

main([PairsText, SendersText, SecondsText]) ->
    Seconds = list_to_integer(SecondsText),
    [ping_pong(list_to_integer(Pairs), Seconds) || Pairs <- string:tokens(PairsText, ",")],
    [fan_in(list_to_integer(Senders), Seconds) || Senders <- string:tokens(SendersText, ",")],
    [births(list_to_integer(Parents), Seconds) || Parents <- string:tokens(SendersText, ",")],
    [set_and_cancel(list_to_integer(Processes), Seconds) || Processes <- string:tokens(SendersText, ",")],
    idle(100000),
    halt(0).

%% Each pair has one message under way.
ping_pong(Pairs, Seconds) ->
    Counter = counters:new(1, [write_concurrency]),
    Pings = [spawn_link(?MODULE, ping, [spawn_link(?MODULE, pong, []), Counter]) || _ <- lists:seq(1, Pairs)],
    Rate = rate(Pings, Counter, Seconds),
    io:format("{\"case\":\"ping-pong\",\"pairs\":~b,\"messagesPerSecond\":~b}~n", [Pairs, Rate]).

ping(Pong, Counter) ->
    Pong ! {ping, self()},
    receive
        pong -> counters:add(Counter, 1, 2), ping(Pong, Counter);
        stop -> Pong ! stop
    end.

pong() -> receive {ping, From} -> From ! pong, pong(); stop -> ok end.

%% Each sender has at most UNDER_WAY messages under way: the receiver counts, and gives it leave for as many again.
fan_in(Senders, Seconds) ->
    Counter = counters:new(1, [write_concurrency]),
    Receiver = spawn_link(fun() -> receiver(Counter, 0) end),
    Rate = rate([spawn_link(?MODULE, fan, [Receiver, 0]) || _ <- lists:seq(1, Senders)], Counter, Seconds),
    Receiver ! stop,
    io:format("{\"case\":\"fan-in\",\"senders\":~b,\"messagesPerSecond\":~b}~n", [Senders, Rate]).

fan(Receiver, 0) ->
    Receiver ! {last, self()},
    receive more -> fan(Receiver, ?UNDER_WAY - 1); stop -> ok end;
fan(Receiver, Left) ->
    Receiver ! {add, Left},
    fan(Receiver, Left - 1).

receiver(Counter, Sum) ->
    receive
        {add, N} -> receiver(Counter, Sum + N);
        {last, From} -> counters:add(Counter, 1, ?UNDER_WAY), From ! more, receiver(Counter, Sum);
        stop -> Sum
    end.

%% Each parent has AT_A_TIME children, which say that they are there and end, and then as many again.
births(Parents, Seconds) ->
    Counter = counters:new(1, [write_concurrency]),
    Rate = rate([spawn_link(?MODULE, parent, [Counter]) || _ <- lists:seq(1, Parents)], Counter, Seconds),
    io:format("{\"case\":\"births\",\"parents\":~b,\"perSecond\":~b}~n", [Parents, Rate]).

parent(Counter) ->
    Self = self(),
    [spawn(fun() -> Self ! born end) || _ <- lists:seq(1, ?AT_A_TIME)],
    [receive born -> ok end || _ <- lists:seq(1, ?AT_A_TIME)],
    counters:add(Counter, 1, ?AT_A_TIME),
    receive stop -> ok after 0 -> parent(Counter) end.

%% Timers of a minute that are set and taken back.
set_and_cancel(Processes, Seconds) ->
    Counter = counters:new(1, [write_concurrency]),
    Rate = rate([spawn_link(?MODULE, timeouts, [Counter]) || _ <- lists:seq(1, Processes)], Counter, Seconds),
    io:format("{\"case\":\"timeouts\",\"processes\":~b,\"perSecond\":~b}~n", [Processes, Rate]).

timeouts(Counter) ->
    [erlang:cancel_timer(erlang:send_after(60000, self(), answer)) || _ <- lists:seq(1, ?AT_A_TIME)],
    counters:add(Counter, 1, ?AT_A_TIME),
    receive stop -> ok after 0 -> timeouts(Counter) end.

%% Messages a second, or whatever is counted, once it has run for a moment.
rate(Processes, Counter, Seconds) ->
    timer:sleep(500),
    {From, Started} = {counters:get(Counter, 1), erlang:monotonic_time(microsecond)},
    timer:sleep(Seconds * 1000),
    {To, Ended} = {counters:get(Counter, 1), erlang:monotonic_time(microsecond)},
    [begin unlink(P), P ! stop end || P <- Processes],
    round((To - From) * 1.0e6 / (Ended - Started)).

%% What the process itself says, and what the system has more than before: the second counts tables and heaps of all kinds.
idle(Count) ->
    erlang:garbage_collect(),
    Before = erlang:memory(processes_used),
    Pids = [spawn(subject, first, [<<"subject">>, N]) || N <- lists:seq(1, Count)],
    [begin Pid ! {show, self()}, receive {shown, _, _, _} -> ok end end || Pid <- Pids],
    erlang:garbage_collect(),
    {memory, Own} = process_info(hd(Pids), memory),
    {memory, Driver} = process_info(self(), memory),
    Bytes = (erlang:memory(processes_used) - Before - Driver) div Count,
    io:format("{\"case\":\"idle-process\",\"count\":~b,\"bytes\":~b,\"bytesInAll\":~b}~n", [Count, Own, Bytes]).
