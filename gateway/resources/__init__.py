"""One module per service: which URL asks which of its contracts."""
