"""A service for measuring alone: it hears what the speaker says, and remembers that it did."""
