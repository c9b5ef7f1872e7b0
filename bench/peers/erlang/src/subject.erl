%% The process that changes over. Compiled twice: as version 1, and as version 2 (VERSION), whose state has one member more when
%% CHANGED is defined. As in the recipe, every message ends in a fully qualified call. So a process may come into the new code by
%% any message, and loop/1 must know the old shape; `code_change` is what every process gets, and changed/3 counts them in the new code.
%% The last to arrive tells the driver.
-module(subject).
-export([first/2, loop/1, changed/3]).

-ifdef(CHANGED).
-record(state, {name, count, last, seen}).
-else.
-record(state, {name, count, last}).
-endif.

first(Name, Count) -> loop(#state{name = Name, count = Count, last = none}).

loop(State) -> wait(upgrade(State)).

wait(State) ->
    receive
        {add, From, N} ->
            From ! added,
            ?MODULE:loop(State#state{count = State#state.count + N, last = N});
        {code_change, Left, Driver} ->
            ?MODULE:changed(State, Left, Driver);
        {show, From} ->
            From ! {shown, ?VERSION, tuple_size(State), State#state.count},
            ?MODULE:loop(State);
        stop -> ok
    end.

changed(Old, Left, Driver) ->
    State = upgrade(Old),
    case atomics:sub_get(Left, 1, 1) of
        0 -> Driver ! {changed, erlang:monotonic_time()};
        _ -> ok
    end,
    ?MODULE:loop(State).

-ifdef(CHANGED).
upgrade({state, Name, Count, Last}) -> #state{name = Name, count = Count, last = Last, seen = 0};
upgrade(State) -> State.
-else.
upgrade(State) -> State.
-endif.
