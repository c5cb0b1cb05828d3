"""The bare half."""
