"""A service for measuring alone: it answers without looking into its database, and announces facts as fast as it is told."""
