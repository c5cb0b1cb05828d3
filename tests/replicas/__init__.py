"""Several processes of one service beside each other: leaving, dying, catching up, and nothing done twice."""
