-- The processes of the service, each of which serves the lists of this store.
--
--     replicas.beat    seconds since 1970 at the last sign of life, by the clock of the database
--     replicas.keep    seconds for which caches may have an answer of the process
--     served, settled, announced    cloud -> served version, as JSON (see `store.replicas`)
--
-- The rows change every few seconds and are not part of the seal (`store.seal`). A store in a file has them in a file next
-- to it, so that they do not change the store itself.

CREATE TABLE p365_replicas (
    id VARCHAR(100) NOT NULL,
    beat DOUBLE PRECISION NOT NULL,
    stopped BOOLEAN NOT NULL,
    keep DOUBLE PRECISION NOT NULL,
    served TEXT NOT NULL,
    settled TEXT NOT NULL,
    announced TEXT NOT NULL,
    PRIMARY KEY (id)
);
