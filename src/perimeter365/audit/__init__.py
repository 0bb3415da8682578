"""Analysis of device configurations: which packets they permit, compared exactly.

    packets     allow rules, and the differences between two lists of rules
    reader      base of the configuration readers: limits, line numbers, unread lines
    readers     one module per configuration language
    words       words of a line, parsed as addresses, names and ports

A configuration is untrusted input: its size, line length and nesting are limited, and it is never executed on a device.
"""
