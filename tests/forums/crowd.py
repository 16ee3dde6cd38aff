"""Citizens who write at the same moment, in a process of their own: plain HTTP, as browsers do.

  python crowd.py PORT,PORT... PAGE_ID FIRST LAST START

Each citizen opens the form, waits for START (seconds since the epoch), and sends it twice, as a
double click does. Prints a JSON list of the answers: [number, status, status].
"""

from __future__ import annotations

import http.client
import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PATIENCE = 120  # seconds


def ask(port: int, method: str, path: str, body: str = "") -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request(method, path, body=body or None, headers=FORM if body else {})
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def citizen(number: int, port: int, page_id: str, start: float) -> list[int]:
    path = f"/atencion/forums/{page_id}/contribute/"
    _status, html = ask(port, "GET", path)
    filled = {
        **dict(HIDDEN.findall(html)),
        "text": f"Voice {number}.",
        "name": "Ana Pérez",
        "email": f"citizen{number}@example.com",
        "accept": "on",
    }
    body = urlencode(filled)
    time.sleep(max(0.0, start - time.time()))
    with ThreadPoolExecutor(2) as hands:
        statuses = hands.map(lambda _click: ask(port, "POST", path, body)[0], range(2))
    return [number, *statuses]


def main(ports: str, page_id: str, first: str, last: str, start: str) -> None:
    servers = [int(port) for port in ports.split(",")]
    people = range(int(first), int(last))
    with ThreadPoolExecutor(len(people)) as crowd:
        answers = crowd.map(
            lambda n: citizen(n, servers[n % len(servers)], page_id, float(start)), people
        )
        sys.stdout.write(json.dumps(list(answers)))


if __name__ == "__main__":
    main(*sys.argv[1:])
