package kettle

import (
	"encoding/json"
	"net/http"

	"github.com/tillkey/tillkey/rotate/web"
)

// delivery is whom a purchase is for. With a card on file it waits in the
// session until the customer has proven once more who is there.
type delivery struct{ Recipient, Address string }

const maxAddress = 500

type checkoutPage struct {
	cartPage
	delivery
	Problem string
	// Account is true where the purchase goes to the visitor's account, Card is
	// the card on file there.
	Account bool
	Card    string
}

// checkoutPage is what the visitor is about to buy, and how.
func (s *Shop) checkoutPage(r *http.Request) (checkoutPage, error) {
	lines, total := s.cart(r).lines()
	page := checkoutPage{cartPage: cartPage{lines, total}}
	session, signedIn := web.From(r.Context())
	if !signedIn {
		return page, nil
	}
	var err error
	page.Account = true
	page.Card, err = s.customers.card(r.Context(), session.Account)
	return page, err
}

// checkout is open to everybody: a customer who must change the password first
// buys as a guest.
func (s *Shop) checkout(w http.ResponseWriter, r *http.Request) {
	page, err := s.checkoutPage(r)
	switch {
	case err != nil:
		s.fail(w, r, err)
		return
	case len(page.Lines) == 0:
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
		return
	case r.Method != http.MethodPost:
		s.show(w, r, http.StatusOK, "checkout", page)
		return
	}
	page.delivery = delivery{clip(r.FormValue("recipient"), maxName), clip(r.FormValue("address"), maxAddress)}
	switch {
	case page.Recipient == "" || page.Address == "":
		page.Problem = s.tongues.of(r).say("Please tell us who it is for and where it goes.")
		s.show(w, r, http.StatusUnprocessableEntity, "checkout", page)
	case r.FormValue("pay") == "card" && page.Card != "":
		s.keepDelivery(w, r, page.delivery)
	default:
		s.buy(w, r, page, "")
	}
}

// deliveryKey is where the session holds a delivery that waits for a proof.
const deliveryKey = "delivery"

func (s *Shop) keepDelivery(w http.ResponseWriter, r *http.Request, d delivery) {
	text, err := json.Marshal(d)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.sessions.Put(r.Context(), deliveryKey, text)
	http.Redirect(w, r, "/checkout/card", http.StatusSeeOther)
}

// payByCard stands behind a fresh proof: a card on file is worth stealing a
// session for.
func (s *Shop) payByCard(w http.ResponseWriter, r *http.Request) {
	page, err := s.checkoutPage(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	err = json.Unmarshal(s.sessions.GetBytes(r.Context(), deliveryKey), &page.delivery)
	if err != nil || page.Card == "" || len(page.Lines) == 0 {
		http.Redirect(w, r, "/checkout", http.StatusSeeOther) // there is nothing to pay yet
		return
	}
	if r.Method != http.MethodPost {
		s.show(w, r, http.StatusOK, "checkout-card", page)
		return
	}
	s.buy(w, r, page, page.Card)
}

// buy writes a purchase down, and how it was paid if by card.
func (s *Shop) buy(w http.ResponseWriter, r *http.Request, page checkoutPage, card string) {
	number, err := s.purchase(r, page, card)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.sessions.Remove(r.Context(), "cart")
	s.sessions.Remove(r.Context(), deliveryKey)
	s.show(w, r, http.StatusOK, "thanks", number)
}

func (s *Shop) purchase(r *http.Request, page checkoutPage, card string) (number int64, err error) {
	items, err := json.Marshal(s.cart(r))
	if err != nil {
		return 0, err
	}
	var account any
	if session, ok := web.From(r.Context()); ok {
		account = session.Account
	}
	tx, err := s.db.BeginTx(r.Context(), nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() // does nothing after a commit
	err = tx.QueryRowContext(r.Context(), "INSERT INTO purchases (customer_id, recipient, address, items, cents, at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
		account, page.Recipient, page.Address, string(items), int(page.Total), s.now().UnixMicro()).Scan(&number)
	if err != nil {
		return 0, err
	}
	if card != "" {
		if _, err := tx.ExecContext(r.Context(), "INSERT INTO card_payments (purchase_id, label) VALUES ($1, $2)", number, card); err != nil {
			return 0, err
		}
	}
	return number, tx.Commit()
}
