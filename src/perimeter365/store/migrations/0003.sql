-- Single entries of a list can be held, so what comes into force may differ from what upstream published.
--
--     versions.upstream   the content that upstream published, if it differs from the one that came into force
--     held.entries        the entries of a held state that wait for a person, as JSON
--     forces              one time at which another content of a cloud came into force; `back` is the earlier row to
--                         which a rollback returned

ALTER TABLE p365_versions ADD COLUMN upstream VARCHAR(64) REFERENCES p365_states (hash);

ALTER TABLE p365_held ADD COLUMN entries TEXT NOT NULL DEFAULT '[]';

CREATE TABLE p365_forces (
    id SERIAL NOT NULL,
    cloud VARCHAR(16) NOT NULL,
    version VARCHAR(10) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    at VARCHAR(32) NOT NULL,
    back INTEGER,
    PRIMARY KEY (id),
    FOREIGN KEY (hash) REFERENCES p365_states (hash)
);

INSERT INTO p365_forces (cloud, version, hash, at)
    SELECT v.cloud, v.version, v.hash, ''
    FROM p365_heads h JOIN p365_versions v ON v.cloud = h.cloud AND v.version = h.version;
