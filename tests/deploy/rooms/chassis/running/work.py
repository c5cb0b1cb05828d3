"""A worker that is like the service; `--list` names the services that have one."""

import sys

from chassis.running.serve import serve

if __name__ == "__main__":
    print("agreements\npayments") if "--list" in sys.argv else serve()
