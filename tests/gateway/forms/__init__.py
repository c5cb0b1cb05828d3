"""The forms that people fill in, field by field."""
