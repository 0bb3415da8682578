CREATE TABLE public.p365_effective (
    cloud character varying(16) NOT NULL,
    set_id integer NOT NULL,
    value character varying(300) NOT NULL,
    day character varying(10) NOT NULL
);
CREATE TABLE public.p365_heads (
    cloud character varying(16) NOT NULL,
    version character varying(10) NOT NULL,
    pinned boolean NOT NULL
);
CREATE TABLE public.p365_held (
    id integer NOT NULL,
    cloud character varying(16) NOT NULL,
    version character varying(10) NOT NULL,
    origin character varying(8) NOT NULL,
    hash character varying(64) NOT NULL,
    reasons text NOT NULL,
    extra text NOT NULL,
    at character varying(32) NOT NULL,
    resolved character varying(16),
    resolved_at character varying(32)
);
CREATE SEQUENCE public.p365_held_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.p365_held_id_seq OWNED BY public.p365_held.id;
CREATE TABLE public.p365_intervals (
    cloud character varying(16) NOT NULL,
    set_id integer NOT NULL,
    kind character varying(6) NOT NULL,
    value character varying(300) NOT NULL,
    from_version character varying(10) NOT NULL,
    to_version character varying(10)
);
CREATE TABLE public.p365_notes (
    key character varying(100) NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.p365_outbox (
    id integer NOT NULL,
    kind character varying(32) NOT NULL,
    payload text NOT NULL,
    at character varying(32) NOT NULL,
    delivered character varying(32),
    attempts integer NOT NULL,
    problem text NOT NULL
);
CREATE SEQUENCE public.p365_outbox_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.p365_outbox_id_seq OWNED BY public.p365_outbox.id;
CREATE TABLE public.p365_records (
    cloud character varying(16) NOT NULL,
    id integer NOT NULL,
    version character varying(10) NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.p365_schema (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.p365_states (
    hash character varying(64) NOT NULL,
    cloud character varying(16) NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.p365_versions (
    cloud character varying(16) NOT NULL,
    version character varying(10) NOT NULL,
    seq integer NOT NULL,
    origin character varying(8) NOT NULL,
    recorded character varying(10),
    hash character varying(64) NOT NULL
);
ALTER TABLE ONLY public.p365_held ALTER COLUMN id SET DEFAULT nextval('public.p365_held_id_seq'::regclass);
ALTER TABLE ONLY public.p365_outbox ALTER COLUMN id SET DEFAULT nextval('public.p365_outbox_id_seq'::regclass);
INSERT INTO public.p365_effective VALUES ('worldwide', 11, '203.0.113.192/26', '2030-04-01');
INSERT INTO public.p365_heads VALUES ('worldwide', '2030030300', true);
INSERT INTO public.p365_held VALUES (1, 'worldwide', '2030050500', 'recorded', 'd2aa13a5a4d6b8c0b19dc1de4cb0b9236230765b118a02c8f013d7123e92c960', '[{"code": "growth"}]', '{}', '2030-06-01T12:00:00+00:00', NULL, NULL);
INSERT INTO public.p365_intervals VALUES ('worldwide', 11, 'prefix', '203.0.113.0/25', '2030010600', NULL);
INSERT INTO public.p365_intervals VALUES ('worldwide', 56, 'host', '*.login.example.com', '2030010600', NULL);
INSERT INTO public.p365_intervals VALUES ('worldwide', 56, 'host', 'id.example.org', '2030010600', NULL);
INSERT INTO public.p365_intervals VALUES ('worldwide', 1, 'prefix', '2001:db8:1::/48', '2030010600', NULL);
INSERT INTO public.p365_intervals VALUES ('worldwide', 1, 'host', 'mail.example.com', '2030010600', NULL);
INSERT INTO public.p365_intervals VALUES ('worldwide', 11, 'prefix', '2001:db8:11::/48', '2030010600', NULL);
INSERT INTO public.p365_intervals VALUES ('worldwide', 1, 'host', 'outlook.example.com', '2030010600', NULL);
INSERT INTO public.p365_intervals VALUES ('worldwide', 1, 'prefix', '198.51.100.0/25', '2030010600', '2030030300');
INSERT INTO public.p365_intervals VALUES ('worldwide', 72, 'host', '*.old.example.net', '2030010600', '2030030300');
INSERT INTO public.p365_intervals VALUES ('worldwide', 56, 'host', 'cdn.example.net', '2030010600', '2030030300');
INSERT INTO public.p365_intervals VALUES ('worldwide', 1, 'prefix', '198.51.100.128/25', '2030010600', '2030030300');
INSERT INTO public.p365_intervals VALUES ('worldwide', 1, 'host', 'cdn.example.net', '2030030300', NULL);
INSERT INTO public.p365_intervals VALUES ('worldwide', 1, 'prefix', '198.51.100.0/24', '2030030300', NULL);
INSERT INTO public.p365_intervals VALUES ('worldwide', 11, 'prefix', '203.0.113.192/26', '2030030300', NULL);
INSERT INTO public.p365_intervals VALUES ('worldwide', 56, 'prefix', '192.0.2.0/28', '2030010600', '2030040700');
INSERT INTO public.p365_intervals VALUES ('worldwide', 90, 'prefix', '192.0.2.64/26', '2030040700', NULL);
INSERT INTO public.p365_intervals VALUES ('worldwide', 90, 'host', '*.files.example.com', '2030040700', NULL);
INSERT INTO public.p365_notes VALUES ('client', 'one');
INSERT INTO public.p365_outbox VALUES (1, 'committed', '{"version": "2030030300"}', '2030-06-01T12:00:00+00:00', NULL, 0, '');
INSERT INTO public.p365_records VALUES ('worldwide', 7, '2030030300', '{"id": 7, "endpointSetId": 11, "disposition": "Change", "version": "2030030300", "add": {"effectiveDate": "20300401", "ips": ["203.0.113.192/26"]}}');
INSERT INTO public.p365_schema VALUES ('0001');
INSERT INTO public.p365_states VALUES ('19fcfb98220a4a67c58be3795aa3c267bbd9185c9421ad87924c4472b85d4442', 'worldwide', '{"cloud":"worldwide","sets":[{"id":1,"area":"exchange","category":"optimize","required":true,"express_route":true,"tcp":"80,443","udp":"443","hosts":["mail.example.com","outlook.example.com"],"prefixes":["198.51.100.0/25","198.51.100.128/25","2001:db8:1::/48"]},{"id":11,"area":"teams","category":"optimize","required":true,"express_route":true,"tcp":"","udp":"3478-3481","hosts":[],"prefixes":["203.0.113.0/25","2001:db8:11::/48"]},{"id":56,"area":"common","category":"allow","required":true,"express_route":false,"tcp":"80,443","udp":"","hosts":["*.login.example.com","cdn.example.net","id.example.org"],"prefixes":["192.0.2.0/28"]},{"id":72,"area":"common","category":"default","required":false,"express_route":false,"tcp":"443","udp":"","hosts":["*.old.example.net"],"prefixes":[]}]}');
INSERT INTO public.p365_states VALUES ('90be7555075238b932f72355c8bf077c9870e40fbd49625494ff8a5fee472b09', 'worldwide', '{"cloud":"worldwide","sets":[{"id":1,"area":"exchange","category":"optimize","required":true,"express_route":true,"tcp":"80,443","udp":"443","hosts":["cdn.example.net","mail.example.com","outlook.example.com"],"prefixes":["198.51.100.0/24","2001:db8:1::/48"]},{"id":11,"area":"teams","category":"optimize","required":true,"express_route":true,"tcp":"","udp":"3478-3481","hosts":[],"prefixes":["203.0.113.0/25","203.0.113.192/26","2001:db8:11::/48"]},{"id":56,"area":"common","category":"allow","required":true,"express_route":false,"tcp":"80,443","udp":"","hosts":["*.login.example.com","id.example.org"],"prefixes":["192.0.2.0/28"]}]}');
INSERT INTO public.p365_states VALUES ('e5ac271faf3aea854d55e8972c3db430e71540702a460f106e2d6b3ccac9064c', 'worldwide', '{"cloud":"worldwide","sets":[{"id":1,"area":"exchange","category":"optimize","required":true,"express_route":false,"tcp":"80,443","udp":"443","hosts":["cdn.example.net","mail.example.com","outlook.example.com"],"prefixes":["198.51.100.0/24","2001:db8:1::/48"]},{"id":11,"area":"teams","category":"optimize","required":true,"express_route":true,"tcp":"","udp":"3478-3481,50000","hosts":[],"prefixes":["203.0.113.0/25","203.0.113.192/26","2001:db8:11::/48"]},{"id":56,"area":"common","category":"default","required":false,"express_route":false,"tcp":"80,443","udp":"","hosts":["*.login.example.com","id.example.org"],"prefixes":[]},{"id":90,"area":"sharepoint","category":"optimize","required":true,"express_route":true,"tcp":"443","udp":"","hosts":["*.files.example.com"],"prefixes":["192.0.2.64/26"]}]}');
INSERT INTO public.p365_states VALUES ('d2aa13a5a4d6b8c0b19dc1de4cb0b9236230765b118a02c8f013d7123e92c960', 'worldwide', '{"cloud":"worldwide","sets":[{"id":1,"area":"exchange","category":"optimize","required":true,"express_route":false,"tcp":"80,443","udp":"443","hosts":["cdn.example.net","mail.example.com","outlook.example.com"],"prefixes":["198.51.100.0/24","2001:db8:1::/48"]},{"id":11,"area":"teams","category":"optimize","required":true,"express_route":true,"tcp":"","udp":"3478-3481,50000","hosts":[],"prefixes":["203.0.113.0/25","2001:db8:11::/48"]},{"id":56,"area":"common","category":"default","required":false,"express_route":false,"tcp":"80,443","udp":"","hosts":["*.login.example.com","id.example.org"],"prefixes":[]},{"id":72,"area":"common","category":"default","required":false,"express_route":false,"tcp":"443","udp":"","hosts":["*.old.example.net"],"prefixes":[]},{"id":90,"area":"sharepoint","category":"optimize","required":true,"express_route":true,"tcp":"443","udp":"","hosts":["*.files.example.com"],"prefixes":["192.0.2.64/26"]}]}');
INSERT INTO public.p365_versions VALUES ('worldwide', '2030010600', 1, 'recorded', '2030-01-06', '19fcfb98220a4a67c58be3795aa3c267bbd9185c9421ad87924c4472b85d4442');
INSERT INTO public.p365_versions VALUES ('worldwide', '2030020300', 2, 'recorded', '2030-02-03', '19fcfb98220a4a67c58be3795aa3c267bbd9185c9421ad87924c4472b85d4442');
INSERT INTO public.p365_versions VALUES ('worldwide', '2030030300', 3, 'live', '2030-03-03', '90be7555075238b932f72355c8bf077c9870e40fbd49625494ff8a5fee472b09');
INSERT INTO public.p365_versions VALUES ('worldwide', '2030040700', 4, 'live', '2030-04-07', 'e5ac271faf3aea854d55e8972c3db430e71540702a460f106e2d6b3ccac9064c');
SELECT pg_catalog.setval('public.p365_held_id_seq', 1, true);
SELECT pg_catalog.setval('public.p365_outbox_id_seq', 1, true);
ALTER TABLE ONLY public.p365_effective
    ADD CONSTRAINT p365_effective_pkey PRIMARY KEY (cloud, set_id, value);
ALTER TABLE ONLY public.p365_heads
    ADD CONSTRAINT p365_heads_pkey PRIMARY KEY (cloud);
ALTER TABLE ONLY public.p365_held
    ADD CONSTRAINT p365_held_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.p365_intervals
    ADD CONSTRAINT p365_intervals_pkey PRIMARY KEY (cloud, set_id, kind, value, from_version);
ALTER TABLE ONLY public.p365_notes
    ADD CONSTRAINT p365_notes_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.p365_outbox
    ADD CONSTRAINT p365_outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.p365_records
    ADD CONSTRAINT p365_records_pkey PRIMARY KEY (cloud, id);
ALTER TABLE ONLY public.p365_schema
    ADD CONSTRAINT p365_schema_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.p365_states
    ADD CONSTRAINT p365_states_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.p365_versions
    ADD CONSTRAINT p365_versions_pkey PRIMARY KEY (cloud, version);
ALTER TABLE ONLY public.p365_versions
    ADD CONSTRAINT p365_versions_seq UNIQUE (cloud, seq);
CREATE INDEX p365_intervals_value ON public.p365_intervals USING btree (value);
ALTER TABLE ONLY public.p365_heads
    ADD CONSTRAINT p365_heads_cloud_version_fkey FOREIGN KEY (cloud, version) REFERENCES public.p365_versions(cloud, version);
ALTER TABLE ONLY public.p365_held
    ADD CONSTRAINT p365_held_hash_fkey FOREIGN KEY (hash) REFERENCES public.p365_states(hash);
ALTER TABLE ONLY public.p365_versions
    ADD CONSTRAINT p365_versions_hash_fkey FOREIGN KEY (hash) REFERENCES public.p365_states(hash);
