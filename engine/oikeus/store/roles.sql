-- Three roles for a PostgreSQL database of oikeus. Log-in users are made members:
--
--   oikeus_owner   migrates; can do everything, so nothing runs under it day by day
--   oikeus_writer  commits versions: adds to the log, never changes or deletes it
--   oikeus_reader  serves decisions and audits: reads, and nothing else
--
-- Run this file as a superuser after `oikeus db migrate`, and again after every later
-- migration:  psql DATABASE -v ON_ERROR_STOP=1 -1 -f roles.sql
-- Then, for example:  GRANT oikeus_reader TO the_service;

DO $$
DECLARE
    role text;
    place text := quote_ident(current_schema());
BEGIN
    FOREACH role IN ARRAY ARRAY['oikeus_owner', 'oikeus_writer', 'oikeus_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE 'CREATE ROLE ' || role || ' NOLOGIN';
        END IF;
        EXECUTE 'GRANT USAGE ON SCHEMA ' || place || ' TO ' || role;
    END LOOP;
    EXECUTE 'GRANT CREATE ON SCHEMA ' || place || ' TO oikeus_owner';
END
$$;

ALTER TABLE casbin_rule OWNER TO oikeus_owner;
ALTER TABLE oikeus_version OWNER TO oikeus_owner;
ALTER TABLE oikeus_change OWNER TO oikeus_owner;
ALTER TABLE oikeus_names OWNER TO oikeus_owner;
ALTER TABLE oikeus_application OWNER TO oikeus_owner;
ALTER TABLE oikeus_token OWNER TO oikeus_owner;
ALTER TABLE oikeus_head OWNER TO oikeus_owner;
ALTER TABLE oikeus_schema OWNER TO oikeus_owner;

-- whatever was granted before: afterwards the roles have what stands here
REVOKE ALL ON
    casbin_rule, oikeus_version, oikeus_change, oikeus_names, oikeus_application,
    oikeus_token, oikeus_head, oikeus_schema
    FROM PUBLIC, oikeus_writer, oikeus_reader;
REVOKE ALL ON SEQUENCE casbin_rule_id_seq FROM PUBLIC, oikeus_writer, oikeus_reader;

GRANT SELECT ON
    casbin_rule, oikeus_version, oikeus_change, oikeus_names, oikeus_application,
    oikeus_token, oikeus_head, oikeus_schema
    TO oikeus_writer, oikeus_reader;

-- lines come and go; a changed line is another line
GRANT INSERT, DELETE ON casbin_rule TO oikeus_writer;
GRANT USAGE ON SEQUENCE casbin_rule_id_seq TO oikeus_writer;
-- the log only grows: no UPDATE, no DELETE, no TRUNCATE
GRANT INSERT ON
    oikeus_version, oikeus_change, oikeus_names, oikeus_application, oikeus_token
    TO oikeus_writer;
-- also what lets a writer lock the head
GRANT UPDATE (version) ON oikeus_head TO oikeus_writer;
