"""Identity's doors, one module per noun."""
