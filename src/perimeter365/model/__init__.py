"""What is known, as immutable values that are valid when they exist. Imports nothing of ours but `errors`."""
