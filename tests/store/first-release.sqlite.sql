PRAGMA application_id = 1345533493;
BEGIN TRANSACTION;
CREATE TABLE p365_effective (
    cloud VARCHAR(16) NOT NULL,
    set_id INTEGER NOT NULL,
    value VARCHAR(300) NOT NULL,
    day VARCHAR(10) NOT NULL,
    PRIMARY KEY (cloud, set_id, value)
);
INSERT INTO "p365_effective" VALUES('worldwide',11,'203.0.113.192/26','2030-04-01');
CREATE TABLE p365_heads (
    cloud VARCHAR(16) NOT NULL,
    version VARCHAR(10) NOT NULL,
    pinned BOOLEAN NOT NULL,
    PRIMARY KEY (cloud),
    FOREIGN KEY(cloud, version) REFERENCES p365_versions (cloud, version)
);
INSERT INTO "p365_heads" VALUES('worldwide','2030030300',1);
CREATE TABLE p365_held (
    id INTEGER NOT NULL,
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
    FOREIGN KEY(hash) REFERENCES p365_states (hash)
);
INSERT INTO "p365_held" VALUES(1,'worldwide','2030050500','recorded','d2aa13a5a4d6b8c0b19dc1de4cb0b9236230765b118a02c8f013d7123e92c960','[{"code": "growth"}]','{}','2030-06-01T12:00:00+00:00',NULL,NULL);
CREATE TABLE p365_intervals (
    cloud VARCHAR(16) NOT NULL,
    set_id INTEGER NOT NULL,
    kind VARCHAR(6) NOT NULL,
    value VARCHAR(300) NOT NULL,
    from_version VARCHAR(10) NOT NULL,
    to_version VARCHAR(10),
    PRIMARY KEY (cloud, set_id, kind, value, from_version)
);
INSERT INTO "p365_intervals" VALUES('worldwide',1,'prefix','198.51.100.0/25','2030010600','2030030300');
INSERT INTO "p365_intervals" VALUES('worldwide',56,'host','cdn.example.net','2030010600','2030030300');
INSERT INTO "p365_intervals" VALUES('worldwide',72,'host','*.old.example.net','2030010600','2030030300');
INSERT INTO "p365_intervals" VALUES('worldwide',11,'prefix','203.0.113.0/25','2030010600',NULL);
INSERT INTO "p365_intervals" VALUES('worldwide',56,'host','*.login.example.com','2030010600',NULL);
INSERT INTO "p365_intervals" VALUES('worldwide',56,'host','id.example.org','2030010600',NULL);
INSERT INTO "p365_intervals" VALUES('worldwide',1,'prefix','2001:db8:1::/48','2030010600',NULL);
INSERT INTO "p365_intervals" VALUES('worldwide',1,'host','mail.example.com','2030010600',NULL);
INSERT INTO "p365_intervals" VALUES('worldwide',56,'prefix','192.0.2.0/28','2030010600','2030040700');
INSERT INTO "p365_intervals" VALUES('worldwide',11,'prefix','2001:db8:11::/48','2030010600',NULL);
INSERT INTO "p365_intervals" VALUES('worldwide',1,'host','outlook.example.com','2030010600',NULL);
INSERT INTO "p365_intervals" VALUES('worldwide',1,'prefix','198.51.100.128/25','2030010600','2030030300');
INSERT INTO "p365_intervals" VALUES('worldwide',1,'host','cdn.example.net','2030030300',NULL);
INSERT INTO "p365_intervals" VALUES('worldwide',1,'prefix','198.51.100.0/24','2030030300',NULL);
INSERT INTO "p365_intervals" VALUES('worldwide',11,'prefix','203.0.113.192/26','2030030300',NULL);
INSERT INTO "p365_intervals" VALUES('worldwide',90,'prefix','192.0.2.64/26','2030040700',NULL);
INSERT INTO "p365_intervals" VALUES('worldwide',90,'host','*.files.example.com','2030040700',NULL);
CREATE TABLE p365_notes (
    "key" VARCHAR(100) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY ("key")
);
INSERT INTO "p365_notes" VALUES('client','one');
CREATE TABLE p365_outbox (
    id INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    payload TEXT NOT NULL,
    at VARCHAR(32) NOT NULL,
    delivered VARCHAR(32),
    attempts INTEGER NOT NULL,
    problem TEXT NOT NULL,
    PRIMARY KEY (id)
);
INSERT INTO "p365_outbox" VALUES(1,'committed','{"version": "2030030300"}','2030-06-01T12:00:00+00:00',NULL,0,'');
CREATE TABLE p365_records (
    cloud VARCHAR(16) NOT NULL,
    id INTEGER NOT NULL,
    version VARCHAR(10) NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (cloud, id)
);
INSERT INTO "p365_records" VALUES('worldwide',7,'2030030300','{"id": 7, "endpointSetId": 11, "disposition": "Change", "version": "2030030300", "add": {"effectiveDate": "20300401", "ips": ["203.0.113.192/26"]}}');
CREATE TABLE p365_schema (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT p365_schema_pkc PRIMARY KEY (version_num)
);
INSERT INTO "p365_schema" VALUES('0001');
CREATE TABLE p365_states (
    hash VARCHAR(64) NOT NULL,
    cloud VARCHAR(16) NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (hash)
);
INSERT INTO "p365_states" VALUES('19fcfb98220a4a67c58be3795aa3c267bbd9185c9421ad87924c4472b85d4442','worldwide','{"cloud":"worldwide","sets":[{"id":1,"area":"exchange","category":"optimize","required":true,"express_route":true,"tcp":"80,443","udp":"443","hosts":["mail.example.com","outlook.example.com"],"prefixes":["198.51.100.0/25","198.51.100.128/25","2001:db8:1::/48"]},{"id":11,"area":"teams","category":"optimize","required":true,"express_route":true,"tcp":"","udp":"3478-3481","hosts":[],"prefixes":["203.0.113.0/25","2001:db8:11::/48"]},{"id":56,"area":"common","category":"allow","required":true,"express_route":false,"tcp":"80,443","udp":"","hosts":["*.login.example.com","cdn.example.net","id.example.org"],"prefixes":["192.0.2.0/28"]},{"id":72,"area":"common","category":"default","required":false,"express_route":false,"tcp":"443","udp":"","hosts":["*.old.example.net"],"prefixes":[]}]}');
INSERT INTO "p365_states" VALUES('90be7555075238b932f72355c8bf077c9870e40fbd49625494ff8a5fee472b09','worldwide','{"cloud":"worldwide","sets":[{"id":1,"area":"exchange","category":"optimize","required":true,"express_route":true,"tcp":"80,443","udp":"443","hosts":["cdn.example.net","mail.example.com","outlook.example.com"],"prefixes":["198.51.100.0/24","2001:db8:1::/48"]},{"id":11,"area":"teams","category":"optimize","required":true,"express_route":true,"tcp":"","udp":"3478-3481","hosts":[],"prefixes":["203.0.113.0/25","203.0.113.192/26","2001:db8:11::/48"]},{"id":56,"area":"common","category":"allow","required":true,"express_route":false,"tcp":"80,443","udp":"","hosts":["*.login.example.com","id.example.org"],"prefixes":["192.0.2.0/28"]}]}');
INSERT INTO "p365_states" VALUES('e5ac271faf3aea854d55e8972c3db430e71540702a460f106e2d6b3ccac9064c','worldwide','{"cloud":"worldwide","sets":[{"id":1,"area":"exchange","category":"optimize","required":true,"express_route":false,"tcp":"80,443","udp":"443","hosts":["cdn.example.net","mail.example.com","outlook.example.com"],"prefixes":["198.51.100.0/24","2001:db8:1::/48"]},{"id":11,"area":"teams","category":"optimize","required":true,"express_route":true,"tcp":"","udp":"3478-3481,50000","hosts":[],"prefixes":["203.0.113.0/25","203.0.113.192/26","2001:db8:11::/48"]},{"id":56,"area":"common","category":"default","required":false,"express_route":false,"tcp":"80,443","udp":"","hosts":["*.login.example.com","id.example.org"],"prefixes":[]},{"id":90,"area":"sharepoint","category":"optimize","required":true,"express_route":true,"tcp":"443","udp":"","hosts":["*.files.example.com"],"prefixes":["192.0.2.64/26"]}]}');
INSERT INTO "p365_states" VALUES('d2aa13a5a4d6b8c0b19dc1de4cb0b9236230765b118a02c8f013d7123e92c960','worldwide','{"cloud":"worldwide","sets":[{"id":1,"area":"exchange","category":"optimize","required":true,"express_route":false,"tcp":"80,443","udp":"443","hosts":["cdn.example.net","mail.example.com","outlook.example.com"],"prefixes":["198.51.100.0/24","2001:db8:1::/48"]},{"id":11,"area":"teams","category":"optimize","required":true,"express_route":true,"tcp":"","udp":"3478-3481,50000","hosts":[],"prefixes":["203.0.113.0/25","2001:db8:11::/48"]},{"id":56,"area":"common","category":"default","required":false,"express_route":false,"tcp":"80,443","udp":"","hosts":["*.login.example.com","id.example.org"],"prefixes":[]},{"id":72,"area":"common","category":"default","required":false,"express_route":false,"tcp":"443","udp":"","hosts":["*.old.example.net"],"prefixes":[]},{"id":90,"area":"sharepoint","category":"optimize","required":true,"express_route":true,"tcp":"443","udp":"","hosts":["*.files.example.com"],"prefixes":["192.0.2.64/26"]}]}');
CREATE TABLE p365_versions (
    cloud VARCHAR(16) NOT NULL,
    version VARCHAR(10) NOT NULL,
    seq INTEGER NOT NULL,
    origin VARCHAR(8) NOT NULL,
    recorded VARCHAR(10),
    hash VARCHAR(64) NOT NULL,
    PRIMARY KEY (cloud, version),
    CONSTRAINT p365_versions_seq UNIQUE (cloud, seq),
    FOREIGN KEY(hash) REFERENCES p365_states (hash)
);
INSERT INTO "p365_versions" VALUES('worldwide','2030010600',1,'recorded','2030-01-06','19fcfb98220a4a67c58be3795aa3c267bbd9185c9421ad87924c4472b85d4442');
INSERT INTO "p365_versions" VALUES('worldwide','2030020300',2,'recorded','2030-02-03','19fcfb98220a4a67c58be3795aa3c267bbd9185c9421ad87924c4472b85d4442');
INSERT INTO "p365_versions" VALUES('worldwide','2030030300',3,'live','2030-03-03','90be7555075238b932f72355c8bf077c9870e40fbd49625494ff8a5fee472b09');
INSERT INTO "p365_versions" VALUES('worldwide','2030040700',4,'live','2030-04-07','e5ac271faf3aea854d55e8972c3db430e71540702a460f106e2d6b3ccac9064c');
CREATE INDEX p365_intervals_value ON p365_intervals (value);
COMMIT;
