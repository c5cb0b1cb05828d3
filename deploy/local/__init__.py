"""The whole system on one machine: private broker and database, stand-ins, supervisor, and the commands behind `make`."""
