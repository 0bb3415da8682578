"""Following upstream: one sync round, rounds for ever, what they must not outgrow, lists carried over, and the doctor."""
