"""The half of the chassis that runs: doors, units, the journal's relay, calls, migrations, observability."""
