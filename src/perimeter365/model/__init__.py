"""Facts as immutable values, checked at construction. Imports nothing from the package but `errors`."""
