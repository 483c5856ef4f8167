: pgstead keeps PostgreSQL here for as long as somebody uses it

# Standard input is a FIFO that every user holds open for writing. It ends when the last of them has
# gone, the killed ones included: the kernel closes what a process held.
#
#   $1       the postmaster's pid file
#   $2 …     the postmaster and its arguments
pid_file=$1
shift
postmaster=
stopping=

# A postmaster that handles signals already shuts down fast at INT. One that has only just been
# started ignores INT, as every background job of a shell does, and ends at TERM.
stop() {
    stopping=yes
    if [ -n "$postmaster" ]; then
        kill -TERM "$postmaster" 2>/dev/null
        kill -INT "$postmaster" 2>/dev/null
    fi
}
trap stop USR1 TERM INT HUP

# The FIFO moves to 3, since a background job gets /dev/null as its standard input before it can ask
# for ours. Nobody else may hold it: that it is read says that PostgreSQL is kept.
exec 3<&0 </dev/null
keeper=$$
(
    while read -r _ <&3; do :; done
    kill -USR1 "$keeper" 2>/dev/null
    # The keeper ends this when it is done. If it was killed itself, this is its heir.
    sleep 2 3<&-
    { read -r pid <"$pid_file" && kill -INT "$pid"; } 2>/dev/null
) &
watcher=$!

# A postmaster that comes to grief is started again. One that was never up says why in its log, and
# whoever started it reads that. After a crash the first attempts may find old backends still there.
crashed=
attempts=100
while [ -z "$stopping" ] && [ "$attempts" -gt 0 ]; do
    "$@" 3<&- &
    postmaster=$!
    if [ -n "$stopping" ]; then stop; fi
    wait "$postmaster"
    status=$?
    # A trapped signal ends a wait early.
    while kill -0 "$postmaster" 2>/dev/null; do
        wait "$postmaster"
        status=$?
    done
    if [ "$status" -gt 128 ]; then
        crashed=yes
        attempts=100
    elif [ -z "$crashed" ]; then
        break
    fi
    attempts=$((attempts - 1))
    if [ -z "$stopping" ]; then sleep 0.1 3<&-; fi
done
kill "$watcher" 2>/dev/null
exit "$status"
