"""A store under disk errors, kills, full disks and concurrency: after every fault it has the old or the new state.

    cases      changes of a store (whole syncs and others), and the valid states after a fault
    dump       a store's content as one value, read only with sqlite3 or psycopg
    worker     the program that makes the changes and is killed
    reader     a program that reads concurrently and reports what it saw
    strace     makes one system call of the worker fail, or kills the worker at it
    power      possible disk contents after a power cut, from a recording of writes and syncs
    tally      counters, and the table that `make torture` prints

`make test` runs a sample of each; `make torture` runs all. TORTURE_SEED=N repeats the random choices of a run.
"""
