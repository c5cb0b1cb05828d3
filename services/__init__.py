"""What is true: five services, each with the same rooms, none importing another."""
