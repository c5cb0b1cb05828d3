"""The tiny service of a later version."""
