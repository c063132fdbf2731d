#!/bin/sh
# Runs a command for as long as the other end of standard input is held open. The end comes with the death of whoever
# holds it, even by SIGKILL, so that no server outlives the process that started it.
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ read -r _ <&3; kill "$server"; } 2>/dev/null &
guard=$!
wait "$server"
status=$?
kill "$guard" 2>/dev/null
exit "$status"
