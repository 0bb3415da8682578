-- The tables of the first release.
--
--     table       one row is
--     states      one content of one cloud's list, in `model.state`'s canonical form, by its hash
--     versions    one version of one cloud: which content, where from, when seen; `seq` orders a cloud's versions
--     intervals   one stretch of versions in which a set listed a host or prefix: first with it, first without it
--     heads       one cloud's version in force, and whether it is pinned
--     held        one state that waits for a person, or did
--     outbox      one notification to be delivered at least once
--     effective   the day from which an announced addition is in use
--     records     one change record of upstream, as upstream wrote it
--     notes       one value that some part of the program keeps, by name
--     schema      the revision of the tables; its one column has the name that Alembic gives it, which made these tables
--
-- Days and instants are ISO text in UTC: SQLite has no type for them, and text sorts as they do.

CREATE TABLE p365_schema (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT p365_schema_pkc PRIMARY KEY (version_num)
);

CREATE TABLE p365_states (
    hash VARCHAR(64) NOT NULL,
    cloud VARCHAR(16) NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (hash)
);

CREATE TABLE p365_versions (
    cloud VARCHAR(16) NOT NULL,
    version VARCHAR(10) NOT NULL,
    seq INTEGER NOT NULL,
    origin VARCHAR(8) NOT NULL,
    recorded VARCHAR(10),
    hash VARCHAR(64) NOT NULL,
    PRIMARY KEY (cloud, version),
    CONSTRAINT p365_versions_seq UNIQUE (cloud, seq),
    FOREIGN KEY (hash) REFERENCES p365_states (hash)
);

CREATE TABLE p365_intervals (
    cloud VARCHAR(16) NOT NULL,
    set_id INTEGER NOT NULL,
    kind VARCHAR(6) NOT NULL,
    value VARCHAR(300) NOT NULL,
    from_version VARCHAR(10) NOT NULL,
    to_version VARCHAR(10),
    PRIMARY KEY (cloud, set_id, kind, value, from_version)
);

CREATE INDEX p365_intervals_value ON p365_intervals (value);

CREATE TABLE p365_heads (
    cloud VARCHAR(16) NOT NULL,
    version VARCHAR(10) NOT NULL,
    pinned BOOLEAN NOT NULL,
    PRIMARY KEY (cloud),
    FOREIGN KEY (cloud, version) REFERENCES p365_versions (cloud, version)
);

CREATE TABLE p365_held (
    id SERIAL NOT NULL,
    cloud VARCHAR(16) NOT NULL,
    version VARCHAR(10) NOT NULL,
    origin VARCHAR(8) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    reasons TEXT NOT NULL,
    extra TEXT NOT NULL,
    at VARCHAR(32) NOT NULL,
    resolved VARCHAR(16),
    resolved_at VARCHAR(32),
    PRIMARY KEY (id),
    FOREIGN KEY (hash) REFERENCES p365_states (hash)
);

CREATE TABLE p365_outbox (
    id SERIAL NOT NULL,
    kind VARCHAR(32) NOT NULL,
    payload TEXT NOT NULL,
    at VARCHAR(32) NOT NULL,
    delivered VARCHAR(32),
    attempts INTEGER NOT NULL,
    problem TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE p365_effective (
    cloud VARCHAR(16) NOT NULL,
    set_id INTEGER NOT NULL,
    value VARCHAR(300) NOT NULL,
    day VARCHAR(10) NOT NULL,
    PRIMARY KEY (cloud, set_id, value)
);

CREATE TABLE p365_records (
    cloud VARCHAR(16) NOT NULL,
    id INTEGER NOT NULL,
    version VARCHAR(10) NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (cloud, id)
);

CREATE TABLE p365_notes (
    key VARCHAR(100) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (key)
);
