"""What is promised is true: examples, schemas, doors, routes, refusals, moves."""
