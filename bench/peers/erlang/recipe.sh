#!/usr/bin/env bash
# The Erlang recipe for changing the code of a running service, as its users run it, on src/chat.erl.
#
#   recipe.sh start PORT DIR    starts a node of its own in DIR, prints `ready` when it listens on 127.0.0.1:PORT, leaves it running
#   recipe.sh edit DIR N        writes N into the source in DIR as what /version answers, then does `reload`
#   recipe.sh reload DIR        compiles the source in DIR and loads it into the node; prints `reloaded`
#   recipe.sh stop DIR          ends the node
#
# DIR holds chat.erl, ebin/, the node's name and cookie, its log, and its pids. Its epmd is its own too, so that nothing is left behind.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
usage() { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
fail() { echo "recipe.sh: $*" >&2; exit 1; }

# Within a deadline (tenths of a second), or until the process is gone.
await() { # PID TENTHS COMMAND...
    local pid=$1 left=$(($2 * 5)); shift 2
    until "$@"; do
        kill -0 "$pid" 2>/dev/null && [ $((left--)) -gt 0 ] || return 1
        sleep 0.02
    done
}
gone() { ! kill -0 "$1" 2>/dev/null; }
names() { epmd -port "$ERL_EPMD_PORT" -names >/dev/null 2>&1; }

start_epmd() {
    export ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT
    for _ in 1 2 3 4 5 6 7 8; do
        ERL_EPMD_PORT=$((20000 + RANDOM % 10000))
        names && continue    # another's
        epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 >/dev/null 2>&1 </dev/null &
        echo $! >"$dir/epmd.pid"
        await $! 20 names && echo "$ERL_EPMD_PORT" >"$dir/epmd.port" && return
    done
    fail "epmd did not start"
}

start() {
    local port=$1
    mkdir -p "$dir/ebin"
    [ ! -e "$dir/pid" ] || gone "$(cat "$dir/pid")" || fail "a node runs in $dir already: recipe.sh stop $dir"
    rm -f "$dir/ready"
    cp "$here/src/chat.erl" "$dir/chat.erl"
    erlc -o "$dir/ebin" "$dir/chat.erl"
    start_epmd
    (umask 077 && od -An -tx1 -N16 /dev/urandom | tr -d ' \n' >"$dir/cookie")
    echo "chat_${port}_$$" >"$dir/name"
    ulimit -n "$(ulimit -Hn)"
    HOME=$dir ERL_CRASH_DUMP_SECONDS=0 setsid erl -noinput -sname "$(cat "$dir/name")" -setcookie "$(cat "$dir/cookie")" +P 2000000 \
        -pa "$dir/ebin" -eval "chat:start($port, \"$dir/ready\")" >"$dir/log" 2>&1 </dev/null &
    echo $! >"$dir/pid"
    await $! 200 test -e "$dir/ready" || { cat "$dir/log" >&2; stop; fail "the node did not start"; }
    echo ready
}

# The second VM: it knows the cookie, and tells the first to load what was compiled.
reload() {
    export ERL_EPMD_PORT ERL_EPMD_ADDRESS=127.0.0.1
    ERL_EPMD_PORT=$(cat "$dir/epmd.port")
    erlc -o "$dir/ebin" "$dir/chat.erl"
    HOME=$dir ERL_CRASH_DUMP_SECONDS=0 erl -noinput -sname "reload_$$" -setcookie "$(cat "$dir/cookie")" -eval "
        {ok, Host} = inet:gethostname(),
        Node = list_to_atom(\"$(cat "$dir/name")@\" ++ Host),
        pong = net_adm:ping(Node),
        rpc:call(Node, code, purge, [chat]),
        {module, chat} = rpc:call(Node, code, load_file, [chat]),
        ok = rpc:call(Node, chat, code_change, []),
        halt(0)." || fail "the node in $dir was not reached, or did not load the code; see $dir/log"
    echo reloaded
}

edit() {
    case $1 in *[!A-Za-z0-9._-]* | '') fail "a version is letters, digits, '.', '_' and '-', not '$1'" ;; esac
    sed "s/^-define(VERSION, .*/-define(VERSION, \"$1\")./" "$dir/chat.erl" >"$dir/chat.erl.new"
    mv "$dir/chat.erl.new" "$dir/chat.erl"
    reload
}

# By force: the node has nothing to put in order, and init:stop/0 takes seconds.
stop() {
    local file pid
    for file in pid epmd.pid; do
        [ -e "$dir/$file" ] || continue
        pid=$(cat "$dir/$file")
        kill -9 "$pid" 2>/dev/null || true
        await "$pid" 100 gone "$pid" || gone "$pid" || fail "process $pid did not end"
        rm -f "$dir/$file" "$dir/ready"
    done
}

for tool in erl erlc epmd; do command -v "$tool" >/dev/null || fail "$tool is not installed; on Debian: apt-get install erlang-base erlang-dev"; done
verb=${1:-}
case $verb:$# in
    start:3) mkdir -p "$3"; dir=$(cd "$3" && pwd); start "$2" ;;
    edit:3) dir=$(cd "$2" && pwd); edit "$3" ;;
    reload:2) dir=$(cd "$2" && pwd); reload ;;
    stop:2) dir=$(cd "$2" && pwd); stop ;;
    *) usage ;;
esac
