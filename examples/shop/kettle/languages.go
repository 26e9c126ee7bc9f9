package kettle

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
)

// What the shop writes to customers on its own is in the language that they had
// at the last sign-in; English is not written down.

// tongueOf is the language to write to an account in.
func (s *Shop) tongueOf(ctx context.Context, account string) (tongue, error) {
	var tag string
	err := s.db.QueryRowContext(ctx, "SELECT tag FROM customer_languages WHERE customer_id = $1", account).Scan(&tag)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return s.tongues.named(tag), err
}

const keepLanguage = `INSERT INTO customer_languages (customer_id, tag) VALUES ($1, $2)
	ON CONFLICT (customer_id) DO UPDATE SET tag = excluded.tag`

// remember keeps the language of who has signed in. A sign-in does not fail for
// it.
func (s *Shop) remember(r *http.Request, account string) {
	t := s.tongues.of(r)
	old, err := s.tongueOf(r.Context(), account)
	if err == nil && old.tag != t.tag {
		_, err = s.db.ExecContext(r.Context(), keepLanguage, account, t.tag.String())
	}
	if err != nil {
		s.log.Error("language", "error", err)
	}
}
