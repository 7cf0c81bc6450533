#!/bin/sh
# tools/timed.sh NAME COMMAND...: runs the command, then says how long it took; keeps the times in build/times.txt.
name=$1; shift
mkdir -p build
start=$(date +%s)
"$@"
status=$?
line=$(printf '%-10s %4d s  %s' "$name" "$(($(date +%s) - start))" "$([ $status -eq 0 ] && echo ok || echo FAILED)")
printf '── %s\n' "$line"
grep -v "^$name " build/times.txt > build/times.new 2>/dev/null
printf '%s\n' "$line" >> build/times.new && mv build/times.new build/times.txt
exit $status
