"""Every door's process is ended at every point, really, on a real database and broker; and nothing is lost or done twice."""
