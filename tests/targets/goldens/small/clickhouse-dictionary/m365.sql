-- ClickHouse dictionary for Contoso
-- Made by perimeter365 for profile e3ad4c9ddefa; do not edit, render it again.
-- Catalog: worldwide 2026080200 (recorded)
-- All 13 requirements are in it.
-- Install (a shell of each server, in the folder of the files, as a user who may write the files and create tables):
--   cp m365_prefixes.csv m365_hosts.csv /var/lib/clickhouse/user_files/
--   clickhouse-client --multiquery --queries-file m365.sql

CREATE OR REPLACE DICTIONARY m365_prefixes
(
    prefix String,
    category String,
    requirements String,
    clouds String,
    scenarios String,
    directions String,
    tcp String,
    udp String,
    required String
)
PRIMARY KEY prefix
SOURCE(FILE(path '/var/lib/clickhouse/user_files/m365_prefixes.csv' format 'CSVWithNames'))
LAYOUT(IP_TRIE)
LIFETIME(3600);

CREATE OR REPLACE VIEW m365_hosts AS
SELECT * FROM file('m365_hosts.csv', 'CSVWithNames',
    'host String, expression String, category String, requirements String, clouds String, scenarios String, directions String, tcp String, udp String, required String');
