"""A store under failing disks, kills, full disks and crowds: after every fault it is in the old or the new state.

    cases      what is done to a store: whole syncs and the other changes, and which states may be left
    dump       a store's content as one value, read with nothing but sqlite3 or psycopg
    worker     the program that does it, and dies of it
    reader     a program that reads meanwhile, and says what it saw
    strace     makes one system call of the worker fail, or the last one it makes
    power      what a disk may hold after a power cut, from a recording of what was written and synced
    tally      counts, and the table that `make torture` prints

`make test` runs a slice of each; `make torture` all of it. TORTURE_SEED=N repeats a run's dice.
"""
