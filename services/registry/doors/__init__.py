"""The registry's doors, by noun; `service.py` puts them together."""
