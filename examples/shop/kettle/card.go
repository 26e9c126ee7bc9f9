package kettle

import (
	"context"
	"database/sql"
	"errors"
	"net/http"

	"github.com/tillkey/tillkey/rotate/web"
)

// demoCard is the card of everybody who has one on file.
const demoCard = "Visa ending in 4242"

// cardText is how a customer knows the card.
func (t tongue) cardText(label string) string {
	if label == demoCard {
		return t.say("Visa ending in 4242")
	}
	return label
}

const keepCard = `INSERT INTO cards (customer_id, label) VALUES ($1, $2) ON CONFLICT (customer_id) DO UPDATE SET label = excluded.label`

// card is the card on file of an account; "" if there is none.
func (t customers) card(ctx context.Context, account string) (label string, err error) {
	err = t.db.QueryRowContext(ctx, "SELECT label FROM cards WHERE customer_id = $1", account).Scan(&label)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return label, err
}

// changeCard puts the demonstration's card on file, or takes it off. Nobody is
// asked for a number here.
func (s *Shop) changeCard(w http.ResponseWriter, r *http.Request) {
	session, _ := web.From(r.Context())
	var err error
	if r.FormValue("keep") != "" {
		_, err = s.db.ExecContext(r.Context(), keepCard, session.Account, demoCard)
	} else {
		_, err = s.db.ExecContext(r.Context(), "DELETE FROM cards WHERE customer_id = $1", session.Account)
	}
	s.backTo(w, r, "/account", err)
}
