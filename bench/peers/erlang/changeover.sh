#!/usr/bin/env bash
# How long processes take to change over to new code, from its load until the last of them runs in it.
#
#   changeover.sh COUNT same|changed idle|busy [RUNS]
#
# COUNT: 1,000 to 1,000,000 processes, each with a state of three members. `changed`: the new code's state has four. `busy`: they
# are sent messages all the while. All runs are in one VM, with fresh processes each. One JSON line a run:
# {"count":1000,"shape":"same","busy":false,"ms":1.234}
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
count=${1:-} shape=${2:-} load=${3:-} runs=${4:-10}
valid=yes
case "$shape $load" in "same idle" | "same busy" | "changed idle" | "changed busy") ;; *) valid=no ;; esac
case "$count" in '' | 0* | *[!0-9]*) valid=no ;; esac
case "$runs" in '' | 0* | *[!0-9]*) valid=no ;; esac
[ "$valid" = yes ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
command -v erlc >/dev/null || { echo "changeover.sh: erlc is not installed; on Debian: apt-get install erlang-base erlang-dev" >&2; exit 1; }

ebin=$(mktemp -d)
trap 'rm -rf "$ebin"' EXIT
mkdir "$ebin/1" "$ebin/same" "$ebin/changed"
erlc -o "$ebin" "$here/src/changeover.erl"
erlc -DVERSION=1 -o "$ebin/1" "$here/src/subject.erl"
erlc -DVERSION=2 -o "$ebin/same" "$here/src/subject.erl"
erlc -DVERSION=2 -DCHANGED -o "$ebin/changed" "$here/src/subject.erl"
HOME=$ebin ERL_CRASH_DUMP_SECONDS=0 erl -noinput +P 4000000 -pa "$ebin" \
    -eval "changeover:main([\"$ebin\", \"$count\", \"$shape\", \"$load\", \"$runs\"])." </dev/null
