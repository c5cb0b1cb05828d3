"""How gunicorn runs the gateway: ASGI workers, loopback unless told otherwise; metrics of all workers on HEALTH_PORT."""

import os
import shutil
import tempfile
from pathlib import Path

# Before anything imports prometheus_client, which looks at this once. What an earlier run left there would be counted again.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(Path(tempfile.gettempdir(), f"gateway-metrics-{os.getpid()}")))
shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True)

from prometheus_client.multiprocess import mark_process_dead

from chassis.bare.logs import configure_logs
from chassis.running.observability import serve_health
from gateway.metrics import collect

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8080')}"
worker_class = "gateway.connections.Worker"
# Per process; one more is told to come again.
worker_connections = int(os.environ.get("CONNECTIONS", "1000"))
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
graceful_timeout = 20
keepalive = 15
accesslog = None
backlog = 512
# It would lie in the home folder, shared by every gateway of this account.
control_socket_disable = True


def when_ready(server: object) -> None:
    """Serve the metrics from the master, which handles no request."""
    if port := int(os.environ.get("HEALTH_PORT", "0")):
        serve_health(port, lambda: {"listening": True}, collect)


def post_fork(server: object, worker: object) -> None:
    """Log as all processes do."""
    configure_logs("gateway")


def child_exit(server: object, worker: object) -> None:
    """A worker that ended stops counting as alive."""
    mark_process_dead(worker.pid)  # type: ignore[attr-defined]
