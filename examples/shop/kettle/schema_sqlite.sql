-- The shop's own tables, beside those of Tillkey. Moments are microseconds
-- since 1970.

CREATE TABLE IF NOT EXISTS customers (
    id              INTEGER PRIMARY KEY,
    email           TEXT NOT NULL,             -- in lower case
    name            TEXT NOT NULL,
    staff           INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    confirmed_at    INTEGER,                   -- when the address was proven; NULL: nobody can sign in yet
    confirm_sum     BLOB,                      -- SHA-256 of the token in the confirmation mail
    password_hash   TEXT NOT NULL DEFAULT '',  -- bcrypt, of the time before Tillkey; emptied once taken over
    password_set_at INTEGER                    -- when that password was chosen; NULL: not known
);

-- Several people may claim an address; one proves it.
CREATE UNIQUE INDEX IF NOT EXISTS customers_email ON customers (email) WHERE confirmed_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS purchases (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER,                       -- NULL: a guest
    recipient   TEXT NOT NULL,
    address     TEXT NOT NULL,
    items       TEXT NOT NULL,                 -- JSON: {"product": quantity}
    cents       INTEGER NOT NULL,
    at          INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS sessions (
    token  TEXT PRIMARY KEY,                   -- SHA-256 of the cookie
    data   BLOB NOT NULL,
    expiry INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_expiry ON sessions (expiry);

-- Orders to change a password that were placed together, one an account.
CREATE TABLE IF NOT EXISTS cohort_orders (
    order_id TEXT PRIMARY KEY,                 -- the order
    cohort   TEXT NOT NULL,                    -- random name of what was placed at once
    what     TEXT NOT NULL                     -- the format that the accounts were stored in
);
CREATE INDEX IF NOT EXISTS cohort_orders_cohort ON cohort_orders (cohort);

-- Cards on file. A real shop keeps no number, but a name its bank knows it by.
CREATE TABLE IF NOT EXISTS cards (
    customer_id INTEGER PRIMARY KEY,
    label       TEXT NOT NULL                  -- how the customer knows it
);

-- Purchases that were paid with a card on file, after a fresh proof.
CREATE TABLE IF NOT EXISTS card_payments (
    purchase_id INTEGER PRIMARY KEY,
    label       TEXT NOT NULL
);

-- The languages that customers read, where they are not English.
CREATE TABLE IF NOT EXISTS customer_languages (
    customer_id INTEGER PRIMARY KEY,
    tag         TEXT NOT NULL                  -- as "de" (BCP 47)
);
