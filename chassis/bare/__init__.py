"""The half of the chassis that rules and contracts may build on: no nameko, no broker, no session."""
