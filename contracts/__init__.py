"""What the services promise to each other and to partnership systems."""
