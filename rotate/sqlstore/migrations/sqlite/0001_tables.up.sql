-- +goose Up
--
-- The tables of Tillkey for SQLite 3.38 and later.
--
-- Conventions of every table:
--   *_at, *_until, *_by   a moment: microseconds since 1970-01-01 00:00 UTC,
--                         negative before; NULL means never or not known
--   *_ns                  a duration in nanoseconds
--   account               the shop's own immutable customer id, 1 to 255 bytes of
--                         UTF-8, compared byte by byte
--   sealed                "tk1.<key id>.<base64url>": encrypted under a key that
--                         is not in this database
-- Texts are UTF-8 without NUL; '' means none. Flags are 0 or 1. No column holds a
-- password, a code, a ticket, a key or an address, nor anything they can be read
-- from without the keys.

-- The version of these tables: one row for each migration that ran. Each
-- migration adds its own row, so any migration tool may run these files.
CREATE TABLE tillkey_schema (
    version    INTEGER NOT NULL PRIMARY KEY,                   -- number of the file
    applied_at INTEGER NOT NULL DEFAULT (unixepoch() * 1000000) -- when it ran
) STRICT;

-- One row for each account.
CREATE TABLE tillkey_credentials (
    account             TEXT COLLATE BINARY NOT NULL PRIMARY KEY, -- whose row it is
    group_path          TEXT COLLATE BINARY NOT NULL, -- as in "store-17/customers"

    password            TEXT NOT NULL,    -- sealed hash; '' for an account without a password
    format              TEXT NOT NULL,    -- what hash it is, as in "argon2id m=19456 t=2 p=1"
    policy_name         TEXT NOT NULL,    -- policy it was accepted under; '' if imported
    adopted             INTEGER NOT NULL CHECK (adopted IN (0, 1)), -- 1: still the value of the shop's own table
    created_at          INTEGER,          -- when the account came to be
    changed_at          INTEGER,          -- when the password was last chosen
    signed_in_at        INTEGER,          -- last completed sign-in

    epoch               INTEGER NOT NULL, -- random, carried by every session; another one ends them all
    cleared_seq         INTEGER NOT NULL, -- orders up to this sequence no longer bind the account

    forced_reason       TEXT,             -- why this row alone must change; NULL: it need not
    forced_proof        TEXT NOT NULL,    -- what the change needs
    forced_since_at     INTEGER,          -- when the reason arose
    forced_by           INTEGER,          -- when the old password stops working
    reminded_by         INTEGER,          -- deadline the last reminder spoke of
    reminded_ns         INTEGER NOT NULL, -- how long before the deadline that reminder was due
    recheck             INTEGER NOT NULL CHECK (recheck IN (0, 1)), -- 1: a breach list did not answer

    password_total      INTEGER NOT NULL, -- guesses since the last right one
    password_recent     INTEGER NOT NULL, -- guesses since the last timed lock
    password_until      INTEGER,          -- when the next guess is looked at
    code_total          INTEGER NOT NULL, -- wrong codes of the second factor since the last right one
    code_recent         INTEGER NOT NULL, -- wrong codes since the last timed lock
    code_until          INTEGER,          -- when the next code is looked at

    factor_id           TEXT,             -- confirmed second factor; NULL: there is none
    factor_seed         TEXT NOT NULL,    -- its sealed secret
    factor_step         INTEGER NOT NULL, -- last time step that was used
    factor_since_at     INTEGER,          -- when it was confirmed
    pending_id          TEXT,             -- second factor being enrolled; NULL: none is
    pending_seed        TEXT NOT NULL,    -- its sealed secret
    pending_step        INTEGER NOT NULL, -- last time step that was used
    pending_since_at    INTEGER,          -- when it was offered

    -- Short lists that are only ever read and written with their row; NULL
    -- means an empty one. Members of the JSON arrays leave out what is zero.
    recovery            BLOB,             -- SHA-256 of each unused recovery code, 32 bytes after 32 bytes
    retired             TEXT,             -- [{"password": sealed, "at": moment, "until": moment, "burned": true}], newest first
    spent               TEXT,             -- [{"nonce": text, "until": moment}]: used tickets
    ended               TEXT              -- [{"id": text, "until": moment}]: ended single sessions
) STRICT;

-- Which keys seal something in which row: password, factor_seed, pending_seed or
-- a retired password. Written with the row. A key may be dropped only when it has
-- no row here.
CREATE TABLE tillkey_seals (
    account TEXT COLLATE BINARY NOT NULL -- whose row it is
        REFERENCES tillkey_credentials (account) ON UPDATE CASCADE ON DELETE CASCADE,
    key_id  TEXT COLLATE BINARY NOT NULL, -- id of the key
    PRIMARY KEY (account, key_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tillkey_seals_key ON tillkey_seals (key_id);

-- The log of orders. It is only added to; an erased account takes its orders along.
CREATE TABLE tillkey_orders (
    seq          INTEGER NOT NULL PRIMARY KEY, -- sequence, from 1 without gaps
    id           TEXT COLLATE BINARY NOT NULL UNIQUE, -- random name of the order
    placed_at    INTEGER,          -- when it was placed
    group_path   TEXT NOT NULL,    -- group it concerns, with all below it; '' means every group
    account      TEXT COLLATE BINARY NOT NULL, -- the one account it concerns; '' means all of the group
    before_at    INTEGER,          -- concerns passwords chosen before; NULL means any
    reason       TEXT NOT NULL,    -- why a change is due
    proof        TEXT NOT NULL,    -- what the change needs
    grace_ns     INTEGER NOT NULL, -- how long the old password still signs in
    end_sessions INTEGER NOT NULL CHECK (end_sessions IN (0, 1)), -- 1: open sessions end at once
    actor        TEXT NOT NULL,    -- member of staff who placed it
    note         TEXT NOT NULL,    -- free text of the actor
    expect       INTEGER NOT NULL, -- how many accounts the actor was told of
    concerned    INTEGER NOT NULL, -- how many accounts it made due when placed
    withdraws    TEXT NOT NULL     -- id of the order this row ends; '' if it is an order
) STRICT;

CREATE INDEX tillkey_orders_account ON tillkey_orders (account) WHERE account <> '';

-- The last sequence that was given to an order. Erasing orders does not lower it.
CREATE TABLE tillkey_sequence (
    name  TEXT NOT NULL PRIMARY KEY, -- 'orders'
    value INTEGER NOT NULL           -- last sequence used
) STRICT, WITHOUT ROWID;

INSERT INTO tillkey_sequence (name, value) VALUES ('orders', 0);

-- Guesses at names, whether or not a name belongs to anybody.
CREATE TABLE tillkey_guesses (
    name_key    BLOB NOT NULL PRIMARY KEY, -- 32 bytes: HMAC of the name under a key
    total       INTEGER NOT NULL,          -- guesses since the last right one
    recent      INTEGER NOT NULL,          -- guesses since the last timed lock
    wait_until  INTEGER,                   -- when the next guess is looked at
    expires_at  INTEGER NOT NULL           -- when the row means nothing any more
) STRICT, WITHOUT ROWID;

CREATE INDEX tillkey_guesses_expires ON tillkey_guesses (expires_at);

-- What happened: the outbox and the audit trail in one.
CREATE TABLE tillkey_events (
    seq          INTEGER NOT NULL PRIMARY KEY, -- order of writing
    id           TEXT COLLATE BINARY NOT NULL UNIQUE, -- random, the same in every delivery
    happened_at  INTEGER,          -- when
    kind         TEXT NOT NULL,    -- what, as in "password_changed"
    account      TEXT COLLATE BINARY NOT NULL, -- whom it concerns; '' for events of the realm
    reason       TEXT NOT NULL,    -- why a change is due
    due_by       INTEGER,          -- until when it is
    order_id     TEXT NOT NULL,    -- by which order
    actor        TEXT NOT NULL,    -- member of staff who acted; '' where the customer did
    codes_left   INTEGER NOT NULL, -- recovery codes left
    key_id       TEXT NOT NULL,    -- key concerned
    moved_to     TEXT COLLATE BINARY NOT NULL, -- new account id of one that moved
    delivered    INTEGER NOT NULL CHECK (delivered IN (0, 1)), -- 1: delivered, or handed to the shop's own queue
    leased_until INTEGER           -- till when one worker delivers it; NULL: none does
) STRICT;

CREATE INDEX tillkey_events_account ON tillkey_events (account, seq);

CREATE INDEX tillkey_events_moved ON tillkey_events (moved_to) WHERE moved_to <> '';

CREATE INDEX tillkey_events_waiting ON tillkey_events (seq) WHERE delivered = 0;

-- The keys of the realm. No key is stored, only what is known about it.
CREATE TABLE tillkey_keys (
    id         TEXT COLLATE BINARY NOT NULL PRIMARY KEY, -- public id of the key
    canary     TEXT NOT NULL,    -- a constant sealed under the key
    is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)), -- 1: new seals are made under it
    added_at   INTEGER,          -- when it was added
    unused_at  INTEGER,          -- when a first count found nothing under it
    dropped_at INTEGER           -- when it was dropped for good
) STRICT, WITHOUT ROWID;

INSERT INTO tillkey_schema (version) VALUES (1);
