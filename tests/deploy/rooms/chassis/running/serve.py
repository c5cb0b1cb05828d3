"""A service that reaches its broker and its database under its own login, and then only says that it is healthy."""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import kombu
import psycopg2


class Health(BaseHTTPRequestHandler):
    """Healthy, whatever the path."""

    def do_GET(self) -> None:
        """Say so."""
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def serve() -> None:
    """Reach everything once, then stay."""
    with kombu.Connection(os.environ["AMQP_URI"]) as connection:
        connection.connect()
    psycopg2.connect(os.environ["DATABASE_URL"].replace("+psycopg2", "")).close()
    print("serving", sys.argv[1], flush=True)
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["HEALTH_PORT"])), Health).serve_forever()


if __name__ == "__main__":
    serve()
