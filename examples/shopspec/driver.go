package shopspec

import (
	"context"
	"net/http"
)

// Driver knows how to speak to one kind of shop. [HTML] and [JSON] are drivers
// made of a table; a shop with an unusual flow wraps one of them, or brings its
// own.
type Driver interface {
	// Visit brings a new visitor to the instance at a URL, whom nobody knows
	// yet: a browser, or a program. The client is the visitor's own: it keeps
	// cookies, follows no redirects, and waits no longer than it should;
	// [ReadAnswer] bounds what it gets.
	Visit(url string, client *http.Client) Visitor
	// Ticket finds in a mail what the action that it is about sends as Ticket,
	// Confirm or Reset; "" if there is none.
	Ticket(about Action, m Mail) string
}

// Visitor is one visitor of a shop. It may be called from several goroutines,
// as a browser may send several requests at once.
type Visitor interface {
	// Do does an action, and reports what came back. Fields that the action has
	// no use for are left out.
	//
	// ErrUnsupported: the shop has no such action. Any other error means that
	// there is no answer that could be judged. Errors and answers hold no
	// secrets but what the shop sent.
	Do(ctx context.Context, action Action, fields Fields) (Answer, error)
}
