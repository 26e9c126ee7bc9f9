-- +goose Up
--
-- By which policy each password was judged, and what it said. Rows of the time before
-- were judged by none.
--
-- Counts by group and policy are read from the index alone. It serves for the group,
-- too, so that the other one may go.
--
-- It is one statement, done in full or not at all. MariaDB may run it again; to MySQL
-- its words in comments are nothing else, so that it keeps the other index, and Migrate
-- passes over the duplicate column that it reports of a second run.
ALTER TABLE tillkey_credentials
    ADD COLUMN /*M! IF NOT EXISTS */ policy_fingerprint VARBINARY(255) NOT NULL DEFAULT '', -- fingerprint of that policy; '' if none judged it
    ADD COLUMN /*M! IF NOT EXISTS */ unmet_at BIGINT, -- since when the password is known not to meet it; NULL: it met it
    ADD KEY /*M! IF NOT EXISTS */ tillkey_credentials_policy (group_path, policy_fingerprint, unmet_at, recheck)
    /*M! , DROP KEY IF EXISTS tillkey_credentials_group */;

INSERT INTO tillkey_schema (version) VALUES (2);
