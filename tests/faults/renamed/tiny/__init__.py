"""The tiny service of a later version, in which methods have other names."""
