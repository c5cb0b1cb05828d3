"""Random moves of an exchange against a plain model: the model, the services wired together, and the moves that people try."""
