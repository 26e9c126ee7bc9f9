-- The shop's own tables, beside those of Tillkey.

CREATE TABLE IF NOT EXISTS customers (
    id              text PRIMARY KEY,
    email           text NOT NULL,               -- in lower case
    name            text NOT NULL,
    staff           boolean NOT NULL DEFAULT false,
    card            text NOT NULL DEFAULT '',    -- how the customer knows the card on file
    created_at      timestamptz NOT NULL,
    confirmed_at    timestamptz,                 -- when the address was proven; NULL: nobody can sign in yet
    token_sum       bytea,                       -- SHA-256 of the token in the mail after a sign-up
    password_hash   text NOT NULL DEFAULT '',    -- bcrypt, of the time before Tillkey; emptied once taken over
    password_set_at timestamptz                  -- when that password was chosen; NULL: not known
);

-- Several people may claim an address; one proves it.
CREATE UNIQUE INDEX IF NOT EXISTS customers_email ON customers (email) WHERE confirmed_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS purchases (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id text NOT NULL,                   -- '': a guest
    items       text NOT NULL,
    cents       bigint NOT NULL,
    card        text NOT NULL,
    at          timestamptz NOT NULL
);

CREATE TABLE IF NOT EXISTS sessions (
    token  text PRIMARY KEY,                     -- SHA-256 of the cookie
    data   bytea NOT NULL,
    expiry timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_expiry ON sessions (expiry);
