-- The shop's own tables, beside those of Tillkey. Moments are microseconds
-- since 1970.

CREATE TABLE IF NOT EXISTS customers (
    id              TEXT PRIMARY KEY,
    email           TEXT NOT NULL,             -- in lower case
    name            TEXT NOT NULL,
    staff           INTEGER NOT NULL DEFAULT 0,
    card            TEXT NOT NULL DEFAULT '',  -- how the customer knows the card on file
    created_at      INTEGER NOT NULL,
    confirmed_at    INTEGER,                   -- when the address was proven; NULL: nobody can sign in yet
    token_sum       BLOB,                      -- SHA-256 of the token in the mail after the sign-up
    password_hash   TEXT NOT NULL DEFAULT '',  -- of the time before Tillkey; emptied once taken over
    password_set_at INTEGER                    -- when that password was chosen; NULL: not known
);

-- Several people may claim an address; one proves it.
CREATE UNIQUE INDEX IF NOT EXISTS customers_email ON customers (email) WHERE confirmed_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS purchases (
    id          INTEGER PRIMARY KEY,
    customer_id TEXT NOT NULL,                 -- '': a guest
    items       TEXT NOT NULL,
    cents       INTEGER NOT NULL,
    card        TEXT NOT NULL,                 -- '': paid on delivery
    at          INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS sessions (
    token  TEXT PRIMARY KEY,                   -- SHA-256 of the cookie
    data   BLOB NOT NULL,
    expiry INTEGER NOT NULL
);
