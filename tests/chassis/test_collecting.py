"""Collecting tests changes nothing in the process that runs them."""

from __future__ import annotations

import eventlet.patcher

from chassis.bare import crash_points


def test_no_module_of_tests_patches_the_process_that_collects_them() -> None:
    """What the services' processes need (eventlet's own threads and sockets) stops the runners of tests, who wait for each other."""
    assert not eventlet.patcher.already_patched


def test_no_module_of_tests_arms_the_process_that_collects_them() -> None:
    """Only the programs that end themselves do."""
    assert not crash_points.is_armed()
