"""What partnership systems are promised, tried as they would use it."""
