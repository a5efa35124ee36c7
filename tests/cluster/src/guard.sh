# The cluster's guard: makes it in a folder of its own, obeys orders, and removes it when nobody is
# left to give any. Arguments: the folder of PostgreSQL's programs, the port, on or off for fsync.
set -u
bin=$1 port=$2 fsync=$3
cd /
dir=$(mktemp -d "${TMPDIR:-/tmp}/lokal-cluster.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT

start() {
    "$bin/pg_ctl" --pgdata "$dir/data" --log "$dir/log" --wait --silent --options "-p $port -k $dir \
        -c listen_addresses=127.0.0.1 -c fsync=$fsync -c full_page_writes=$fsync \
        -c max_connections=300 -c shared_buffers=64MB" start >/dev/null 2>&1 </dev/null
}
stop() { "$bin/pg_ctl" --pgdata "$dir/data" --wait --silent --mode immediate stop >/dev/null 2>&1; }

"$bin/initdb" --pgdata "$dir/data" --username lokal --auth trust --encoding UTF8 --locale C \
    --no-sync --no-instructions >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
start || { cat "$dir/log" >&2; exit 1; }
echo ready
while read -r order; do
    case $order in start | stop) "$order" ;; esac
    echo done
done
stop
