"""Facts as immutable values, checked at construction.

The modules import nothing from the package but `errors`.
"""
