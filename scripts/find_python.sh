#!/bin/sh
# Print a Python that can make the virtual environment: 3.11 or newer, with venv and pip.
# Each candidate is run, because a version manager's shim may exist without working.
set -eu

for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
        >/dev/null 2>&1; then
        command -v "$candidate"
        exit 0
    fi
done

cat >&2 <<'EOF'
No Python 3.11 or newer with venv was found.
On Debian 12 and Ubuntu 24.04 or newer:  apt-get install python3 python3-venv
To use one that is not on the PATH:      make PYTHON=/path/to/python3.12 ...
EOF
exit 1
