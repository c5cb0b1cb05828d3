"""How gunicorn runs the gateway: ASGI workers, loopback unless told otherwise."""

import os

from chassis.bare.logs import configure_logs

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8080')}"
worker_class = "asgi"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
graceful_timeout = 20
keepalive = 15
accesslog = None
backlog = 512
# It would lie in the home folder, shared by every gateway of this account.
control_socket_disable = True


def post_fork(server: object, worker: object) -> None:
    """Log as all processes do."""
    configure_logs("gateway")
