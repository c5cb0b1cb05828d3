"""The chassis: its bare half without anything running, its running half on a real database and a real broker."""
