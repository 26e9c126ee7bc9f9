-- A customer as version 2 of the tables keeps one. Never change this: rows look like it.
INSERT INTO tillkey_credentials (account, group_path, password, format, policy_name, adopted, created_at, changed_at, signed_in_at,
    epoch, cleared_seq, forced_reason, forced_proof, forced_since_at, forced_by, reminded_by, reminded_ns, recheck,
    password_total, password_recent, password_until, code_total, code_recent, code_until,
    factor_id, factor_seed, factor_step, factor_since_at, pending_id, pending_seed, pending_step, pending_since_at,
    recovery, retired, spent, ended,
    policy_fingerprint, unmet_at)
VALUES ('c-1', 'store-17/customers', 'tk1.kkbttzslq.Nep1yMhKXU3kNstGvYvtyDlIugbA2DmrQ4iyDNQSHt0XSHSqxVub5aXVYzTkrlTN24g8SH66hW1G17bAl-z130MPNXRLufNpyvyWZu249mr-e0dXp7FznwShKmxlOM-EtkSmB4auG7BoyURhnIi0Z2WI-238TdI5Kghe1w1r3cpWnmZvSg', 'argon2id m=8 t=1 p=1', 'ShopCustomer', FALSE, 1793525400123456, 1793529000123456, 1793532600123456,
    5721452031045610, 0, NULL, '', NULL, NULL, NULL, 0, FALSE,
    0, 0, NULL, 0, 0, NULL,
    NULL, '', 0, NULL, NULL, '', 0, NULL,
    NULL, '[{"password":"tk1.kkbttzslq.W4Fo6HpMowO_Uru6efXZQscvUpDJnkR0y-wE48LjTnRIOVooDVvU1BlKVubGA_uknVANAkfOFz-KdCQDSvCLQcDJpK4MNc-Yq9RW3gkfItngPfPHPDgDAiFFvu_le0RO0IgVe8kx5v-Optty6j6QTGtxHKu15lkXmsdWtlTqyLzIe_GebA","at":1793529000123456,"until":1793529000123456}]', NULL, NULL,
    'p1:5d8f058dd29ca7e03032160a1d116b33', 1793532600123456);

INSERT INTO tillkey_seals (account, key_id) VALUES ('c-1', 'kkbttzslq');

INSERT INTO tillkey_keys (id, canary, is_primary, added_at, unused_at, dropped_at)
VALUES ('kkbttzslq', 'tk1.kkbttzslq.9mDFISyTjHOEHidjmzNS15Ea4JmNtZWEphkHcphukkaZMcw3adcJIYWXB0hvHPzVYbFaXEVV', TRUE, 1793525400123456, NULL, NULL);
