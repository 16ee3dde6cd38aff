#!/bin/sh
# Serve the example site with ASGI, with the sweeper beside it, until either ends or Ctrl-C.
# usage: serve_demo.sh PYTHON PORT
set -eu
python=$1
port=$2

if ! "$python" -c 'import socket, sys
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", int(sys.argv[1])))' "$port" 2>/dev/null; then
    echo "Port $port is taken. Choose another: make demo PORT=8001" >&2
    exit 1
fi

"$python" example_site/manage.py atencion_sweep &
sweeper=$!
"$python" example_site/manage.py runserver --noreload "127.0.0.1:$port" &
server=$!

# A shell starts background processes deaf to Ctrl-C: hand it on as a request to end.
stop() {
    trap - EXIT INT TERM
    kill "$server" "$sweeper" 2>/dev/null || true
    wait
}
trap 'stop; exit 0' INT TERM
trap stop EXIT

wait "$server"
