"""Every call and event of the services' own tests is delivered again: at once, and late, and in another order; nothing changes."""
