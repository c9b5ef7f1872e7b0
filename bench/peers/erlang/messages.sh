#!/usr/bin/env bash
# Local message passing between processes of one node, their births and timers, and the memory of an idle process.
#
#   messages.sh [PAIRS [SENDERS [SECONDS]]]      each a number, PAIRS and SENDERS also lists: 1,8,64
#
# ping-pong: pairs with one message under way each. fan-in: senders with at most 1,000 messages under way each, to one receiver.
# births: processes a second that are spawned, say so and end, of as many parents as there are senders. timeouts: timers a second that are set and cancelled, by as many
# processes. One JSON line a case: {"case":"ping-pong","pairs":8,"messagesPerSecond":…}, {"case":"fan-in","senders":8,"messagesPerSecond":…},
# {"case":"births","parents":8,"perSecond":…}, {"case":"timeouts","processes":8,"perSecond":…},
# {"case":"idle-process","count":100000,"bytes":…,"bytesInAll":…}: of a process with the state of changeover.sh, as it says itself
# and as the system's memory has grown for each.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
pairs=${1:-1,8,64} senders=${2:-1,8} seconds=${3:-3}
case "$pairs$senders$seconds" in *[!0-9,]*) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;; esac
command -v erlc >/dev/null || { echo "messages.sh: erlc is not installed; on Debian: apt-get install erlang-base erlang-dev" >&2; exit 1; }

ebin=$(mktemp -d)
trap 'rm -rf "$ebin"' EXIT
erlc -o "$ebin" "$here/src/messages.erl"
erlc -DVERSION=1 -o "$ebin" "$here/src/subject.erl"
HOME=$ebin ERL_CRASH_DUMP_SECONDS=0 erl -noinput +P 1000000 -pa "$ebin" -eval "messages:main([\"$pairs\", \"$senders\", \"$seconds\"])." </dev/null
