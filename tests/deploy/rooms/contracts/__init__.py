"""No promises."""
