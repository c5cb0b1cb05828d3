"""Measuring the system: the benchmark of `make bench`, with everything that it is compared with in the same run."""
