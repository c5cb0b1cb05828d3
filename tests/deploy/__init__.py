"""The runner: ports, settings, rights, and a system of stand-in rooms that is started, hurt and stopped."""
