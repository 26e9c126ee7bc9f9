-- +goose Up
--
-- The tables of Tillkey for MariaDB 10.6 and later, and MySQL 8.0.19 and later.
--
-- A statement that makes a table commits by itself here. Each of them may run again,
-- so a migration that was cut short is simply run once more.
--
-- Conventions of every table:
--   *_at, *_until, *_by   a moment: microseconds since 1970-01-01 00:00 UTC,
--                         negative before; NULL means never or not known
--   *_ns                  a duration in nanoseconds
--   account               the shop's own immutable customer id, 1 to 255 bytes of
--                         UTF-8, compared byte by byte
--   sealed                "tk1.<key id>.<base64url>": encrypted under a key that
--                         is not in this database
-- Texts are UTF-8 without NUL; '' means none. Those that are compared or sorted are
-- VARBINARY, since every collation of MySQL 8 but one pads with spaces or folds letters.
-- Flags are 0 or 1. No column holds a password, a code, a ticket, a key or an address,
-- nor anything they can be read from without the keys.

-- The version of these tables: one row for each migration that ran. Each
-- migration adds its own row, so any migration tool may run these files.
CREATE TABLE IF NOT EXISTS tillkey_schema (
    version    INTEGER NOT NULL PRIMARY KEY, -- number of the file
    applied_at BIGINT NOT NULL               -- when it ran
        DEFAULT (CAST(unix_timestamp(now(6)) * 1000000 AS SIGNED))
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, DEFAULT CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- One row for each account.
CREATE TABLE IF NOT EXISTS tillkey_credentials (
    account             VARBINARY(255) NOT NULL PRIMARY KEY, -- whose row it is
    group_path          VARBINARY(255) NOT NULL, -- as in "store-17/customers"

    password            TEXT NOT NULL,    -- sealed hash; '' for an account without a password
    format              TEXT NOT NULL,    -- what hash it is, as in "argon2id m=19456 t=2 p=1"
    policy_name         TEXT NOT NULL,    -- policy it was accepted under; '' if imported
    adopted             BOOLEAN NOT NULL, -- 1: still the value of the shop's own table
    created_at          BIGINT,           -- when the account came to be
    changed_at          BIGINT,           -- when the password was last chosen
    signed_in_at        BIGINT,           -- last completed sign-in

    epoch               BIGINT NOT NULL,  -- random, carried by every session; another one ends them all
    cleared_seq         BIGINT NOT NULL,  -- orders up to this sequence no longer bind the account

    forced_reason       TEXT,             -- why this row alone must change; NULL: it need not
    forced_proof        TEXT NOT NULL,    -- what the change needs
    forced_since_at     BIGINT,           -- when the reason arose
    forced_by           BIGINT,           -- when the old password stops working
    reminded_by         BIGINT,           -- deadline the last reminder spoke of
    reminded_ns         BIGINT NOT NULL,  -- how long before the deadline that reminder was due
    recheck             BOOLEAN NOT NULL, -- 1: a breach list did not answer

    password_total      BIGINT NOT NULL,  -- guesses since the last right one
    password_recent     BIGINT NOT NULL,  -- guesses since the last timed lock
    password_until      BIGINT,           -- when the next guess is looked at
    code_total          BIGINT NOT NULL,  -- wrong codes of the second factor since the last right one
    code_recent         BIGINT NOT NULL,  -- wrong codes since the last timed lock
    code_until          BIGINT,           -- when the next code is looked at

    factor_id           TEXT,             -- confirmed second factor; NULL: there is none
    factor_seed         TEXT NOT NULL,    -- its sealed secret
    factor_step         BIGINT NOT NULL,  -- last time step that was used
    factor_since_at     BIGINT,           -- when it was confirmed
    pending_id          TEXT,             -- second factor being enrolled; NULL: none is
    pending_seed        TEXT NOT NULL,    -- its sealed secret
    pending_step        BIGINT NOT NULL,  -- last time step that was used
    pending_since_at    BIGINT,           -- when it was offered

    -- Short lists that are only ever read and written with their row; NULL
    -- means an empty one. Members of the JSON arrays leave out what is zero.
    recovery            BLOB,             -- SHA-256 of each unused recovery code, 32 bytes after 32 bytes
    retired             MEDIUMTEXT,       -- [{"password": sealed, "at": moment, "until": moment, "burned": true}], newest first
    spent               MEDIUMTEXT,       -- [{"nonce": text, "until": moment}]: used tickets
    ended               MEDIUMTEXT,       -- [{"id": text, "until": moment}]: ended single sessions
    KEY tillkey_credentials_group (group_path)
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, DEFAULT CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Which keys seal something in which row: password, factor_seed, pending_seed or
-- a retired password. Written with the row. A key may be dropped only when it has
-- no row here.
CREATE TABLE IF NOT EXISTS tillkey_seals (
    account VARBINARY(255) NOT NULL, -- whose row it is
    key_id  VARBINARY(255) NOT NULL, -- id of the key
    PRIMARY KEY (account, key_id),
    KEY tillkey_seals_key (key_id),
    CONSTRAINT tillkey_seals_account FOREIGN KEY (account)
        REFERENCES tillkey_credentials (account) ON UPDATE CASCADE ON DELETE CASCADE
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, DEFAULT CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- The log of orders. It is only added to; an erased account takes its orders along.
CREATE TABLE IF NOT EXISTS tillkey_orders (
    seq          BIGINT NOT NULL PRIMARY KEY, -- sequence, from 1 without gaps
    id           VARBINARY(255) NOT NULL UNIQUE, -- random name of the order
    placed_at    BIGINT,           -- when it was placed
    group_path   TEXT NOT NULL,    -- group it concerns, with all below it; '' means every group
    account      VARBINARY(255) NOT NULL, -- the one account it concerns; '' means all of the group
    before_at    BIGINT,           -- concerns passwords chosen before; NULL means any
    reason       TEXT NOT NULL,    -- why a change is due
    proof        TEXT NOT NULL,    -- what the change needs
    grace_ns     BIGINT NOT NULL,  -- how long the old password still signs in
    end_sessions BOOLEAN NOT NULL, -- 1: open sessions end at once
    actor        TEXT NOT NULL,    -- member of staff who placed it
    note         TEXT NOT NULL,    -- free text of the actor
    expect       BIGINT NOT NULL,  -- how many accounts the actor was told of
    concerned    BIGINT NOT NULL,  -- how many accounts it made due when placed
    withdraws    TEXT NOT NULL,    -- id of the order this row ends; '' if it is an order
    KEY tillkey_orders_account (account)
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, DEFAULT CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- The last sequence that was given to an order. Erasing orders does not lower it.
CREATE TABLE IF NOT EXISTS tillkey_sequence (
    name  VARBINARY(32) NOT NULL PRIMARY KEY, -- 'orders'
    value BIGINT NOT NULL                     -- last sequence used
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, DEFAULT CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

INSERT IGNORE INTO tillkey_sequence (name, value) VALUES ('orders', 0);

-- Guesses at names, whether or not a name belongs to anybody.
CREATE TABLE IF NOT EXISTS tillkey_guesses (
    name_key    BINARY(32) NOT NULL PRIMARY KEY, -- 32 bytes: HMAC of the name under a key
    total       BIGINT NOT NULL,           -- guesses since the last right one
    recent      BIGINT NOT NULL,           -- guesses since the last timed lock
    wait_until  BIGINT,                    -- when the next guess is looked at
    expires_at  BIGINT NOT NULL,           -- when the row means nothing any more
    KEY tillkey_guesses_expires (expires_at)
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, DEFAULT CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- What happened: the outbox and the audit trail in one.
CREATE TABLE IF NOT EXISTS tillkey_events (
    seq          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, -- order of writing
    id           VARBINARY(255) NOT NULL UNIQUE, -- random, the same in every delivery
    happened_at  BIGINT,           -- when
    kind         TEXT NOT NULL,    -- what, as in "password_changed"
    account      VARBINARY(255) NOT NULL, -- whom it concerns; '' for events of the realm
    reason       TEXT NOT NULL,    -- why a change is due
    due_by       BIGINT,           -- until when it is
    order_id     TEXT NOT NULL,    -- by which order
    actor        TEXT NOT NULL,    -- member of staff who acted; '' where the customer did
    codes_left   BIGINT NOT NULL,  -- recovery codes left
    key_id       TEXT NOT NULL,    -- key concerned
    moved_to     VARBINARY(255) NOT NULL, -- new account id of one that moved
    delivered    BOOLEAN NOT NULL, -- 1: delivered, or handed to the shop's own queue
    leased_until BIGINT,           -- till when one worker delivers it; NULL: none does
    KEY tillkey_events_account (account, seq),
    KEY tillkey_events_moved (moved_to),
    KEY tillkey_events_waiting (delivered, seq)
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, DEFAULT CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- The keys of the realm. No key is stored, only what is known about it.
CREATE TABLE IF NOT EXISTS tillkey_keys (
    id         VARBINARY(255) NOT NULL PRIMARY KEY, -- public id of the key
    canary     TEXT NOT NULL,    -- a constant sealed under the key
    is_primary BOOLEAN NOT NULL, -- 1: new seals are made under it
    added_at   BIGINT,           -- when it was added
    unused_at  BIGINT,           -- when a first count found nothing under it
    dropped_at BIGINT            -- when it was dropped for good
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, DEFAULT CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

INSERT INTO tillkey_schema (version) VALUES (1);
