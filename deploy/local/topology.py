"""Declares topics, queues, bindings, dead letters and delays, as the administrator, before any service starts."""

import os

from chassis.running import topology

if __name__ == "__main__":
    topology.declare(os.environ["AMQP_URI"])
