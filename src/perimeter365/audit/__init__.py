"""What existing configurations let through, read line by line and compared packet by packet.

    packets     rules that let packets pass, and where two lists of them differ
    reader      what the readers of configurations share: limits, line numbers, what could not be read
    readers     one file a configuration language

A configuration is hostile input: it is limited in size, length and depth, and is never run.
"""
