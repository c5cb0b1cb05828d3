"""What people do in the system, one module for each stretch of an exchange's life; things are named by their links."""
