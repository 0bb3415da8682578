"""Readers of firewalls' configurations, for the tests: each is a small device that takes commands one by one.

    device = Fortigate()
    device.load(text)               raises Refused at the first command that the device would not take
    device.allows()                 what it lets pass, as `Allow`s
    unlike(device.allows(), wanted(plan))       [] when both let the same packets pass, else examples

A device refuses what a real one refuses: a name that does not exist, an object that is removed while something names it, a
group that becomes empty, a command outside of the grammar that our targets use. They know nothing of the code under test.
"""

from tests.targets.readers.packets import Allow, unlike, wanted

__all__ = ["Allow", "Refused", "unlike", "wanted"]


class Refused(Exception):  # noqa: N818 - what the device says
    """The device does not take a command."""
