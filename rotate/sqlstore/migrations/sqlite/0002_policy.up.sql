-- +goose Up
--
-- By which policy each password was judged, and what it said. Rows of the time before
-- were judged by none.
ALTER TABLE tillkey_credentials
    ADD COLUMN policy_fingerprint TEXT COLLATE BINARY NOT NULL DEFAULT ''; -- fingerprint of that policy; '' if none judged it

ALTER TABLE tillkey_credentials
    ADD COLUMN unmet_at INTEGER; -- since when the password is known not to meet it; NULL: it met it

-- Counts by group and policy are read from the index alone.
CREATE INDEX tillkey_credentials_policy ON tillkey_credentials (group_path, policy_fingerprint, unmet_at, recheck);

INSERT INTO tillkey_schema (version) VALUES (2);
