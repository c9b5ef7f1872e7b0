%% Measures how long COUNT processes take from the load of new code until the last of them runs in it, its state converted.
%% `same`: the state keeps its shape; `changed`: it gets a member. `busy`: as many senders as schedulers keep 2,000 messages
%% under way among them, to processes in turn; every message is answered, and the answer brings the next.
-module(changeover).
-export([main/1, sender/4]).

-define(UNDER_WAY, 2000).
-define(DEADLINE_MS, 120000).

main([Directory, CountText, Shape, Load, RunsText]) ->
    Count = list_to_integer(CountText),
    [one(Directory, Count, Shape, Load) || _ <- lists:seq(1, list_to_integer(RunsText))],
    halt(0).

one(Directory, Count, Shape, Load) ->
    load(Directory, "1"),
    true = code:soft_purge(subject),    % before there are processes: to look into each for old code is no part of the change
    Pids = [spawn(subject, first, [<<"subject">>, N]) || N <- lists:seq(1, Count)],
    settle(Pids),
    Senders = senders(Load, list_to_tuple(Pids), Count),
    Took = change(Directory, Shape, Count, Pids),
    [begin Sender ! {stop, self()}, receive {stopped, Sender} -> ok end end || Sender <- Senders],
    verify(Pids, Shape),
    io:format("{\"count\":~b,\"shape\":\"~s\",\"busy\":~s,\"ms\":~.3f}~n", [Count, Shape, Load =:= "busy", Took / 1.0e6]),
    [Pid ! stop || Pid <- Pids],
    gone(Pids).

change(Directory, Shape, Count, Pids) ->
    Left = atomics:new(1, []),
    atomics:put(Left, 1, Count),
    Change = {code_change, Left, self()},
    Started = erlang:monotonic_time(),
    load(Directory, Shape),
    [Pid ! Change || Pid <- Pids],
    receive
        {changed, Ended} -> erlang:convert_time_unit(Ended - Started, native, nanosecond)
    after ?DEADLINE_MS -> exit({still_on_the_old_code, atomics:get(Left, 1)})
    end.

load(Directory, Version) ->
    {module, subject} = code:load_abs(filename:join([Directory, Version, "subject"])).

senders("idle", _, _) -> [];
senders("busy", Pids, Count) ->
    Number = erlang:system_info(schedulers_online),
    UnderWay = max(1, min(?UNDER_WAY, Count) div Number),
    Senders = [spawn_link(?MODULE, sender, [Pids, Count, Count div Number * N, UnderWay]) || N <- lists:seq(0, Number - 1)],
    [Sender ! {start, self()} || Sender <- Senders],
    [receive {begun, Sender} -> ok end || Sender <- Senders],
    Senders.

sender(Pids, Count, At, UnderWay) ->
    receive {start, Driver} -> ok end,
    [element((At + N) rem Count + 1, Pids) ! {add, self(), 1} || N <- lists:seq(1, UnderWay)],
    Driver ! {begun, self()},
    sending(Pids, Count, (At + UnderWay) rem Count, UnderWay).

sending(Pids, Count, At, UnderWay) ->
    receive
        added ->
            element(At + 1, Pids) ! {add, self(), 1},
            sending(Pids, Count, (At + 1) rem Count, UnderWay);
        {stop, Driver} ->
            [receive added -> ok end || _ <- lists:seq(1, UnderWay)],
            Driver ! {stopped, self()}
    end.

%% All run, and what their start has left is collected.
settle(Pids) -> [shown(Pid) || Pid <- Pids], erlang:garbage_collect().

%% Every process is on the new code with the new shape, and none needs the old.
verify(Pids, Shape) ->
    Size = case Shape of "changed" -> 5; "same" -> 4 end,
    [{shown, 2, Size, _} = shown(Pid) || Pid <- Pids],
    true = code:soft_purge(subject).

shown(Pid) -> Pid ! {show, self()}, receive Shown = {shown, _, _, _} -> Shown end.

gone(Pids) ->
    [begin Monitor = monitor(process, Pid), receive {'DOWN', Monitor, _, _, _} -> ok end end || Pid <- Pids],
    erlang:garbage_collect().
