"""A tiny service to try the chassis with: it owns things that have a name, and never anything that matters."""
