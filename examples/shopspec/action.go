package shopspec

// Action is something that a visitor does. The comment of each says what it
// sends, and what a good answer shows; [Outcome] names the answers.
type Action string

const (
	// SignUp sends Name, Email, Password. Refused shows Reasons.
	SignUp Action = "sign_up"
	// Confirm sends the Ticket of the mail that followed a sign-up, and
	// Password where a shop asks for it again. A shop without such a mail has
	// no Confirm: SignUp signs in.
	Confirm Action = "confirm"

	// SignIn sends Email, Password, Next. NeedCode, NeedPassword and NeedEnroll
	// show the Ticket of the next step, if the shop has such.
	SignIn Action = "sign_in"
	// GiveCode sends Ticket and Email, and Code or Recovery.
	GiveCode Action = "give_code"
	// ChoosePassword sends Ticket and NewPassword: the change that was due at a
	// sign-in.
	ChoosePassword Action = "choose_password"
	// SignOut sends nothing.
	SignOut Action = "sign_out"
	// Renew sends the Renewal that a sign-in showed, for a new Token. Drivers of
	// a table do it by themselves when an answer is Denied.
	Renew Action = "renew"

	// ChangePassword sends Password, NewPassword, Next.
	ChangePassword Action = "change_password"
	// AskReset sends Email. The answer is the same for everybody.
	AskReset Action = "ask_reset"
	// Reset sends the Ticket of a mail, NewPassword, and Code where there is a
	// second factor; without it NeedCode.
	Reset Action = "reset"

	// Enroll sends Email and Password, and Ticket at a sign-in that has to. It
	// shows Secret, as base32 or an otpauth URI.
	Enroll Action = "enroll"
	// ConfirmFactor sends Code, Email and Password, and Ticket at a sign-in. It
	// shows Recovery, all recovery codes.
	ConfirmFactor Action = "confirm_factor"
	// StepUp sends Code, or Password where there is no second factor.
	StepUp Action = "step_up"

	// Page opens a page for signed-in customers alone. Guests are Denied.
	Page Action = "page"
	// Deed sends a form for signed-in customers alone, which changes nothing
	// that matters.
	Deed Action = "deed"
	// Script asks for Page, and ScriptDeed sends Deed, as a script does that
	// reads JSON.
	Script     Action = "script"
	ScriptDeed Action = "script_deed"
	// DeepPage opens a page with a query, to which Next leads back.
	DeepPage Action = "deep_page"
	// Home opens a page that is for guests, too.
	Home Action = "home"
	// AddToCart puts something into the cart, and Cart shows Items, whatever
	// tells that it is in there.
	AddToCart Action = "add_to_cart"
	Cart      Action = "cart"
	// Card opens what asks for a fresh proof, as paying with a card on file.
	Card Action = "card"

	// Admin opens the first page of the staff.
	Admin Action = "admin"
	// Customers sends Email and shows the ID by which the pages of the staff
	// know the account. A shop whose hooks return ids needs no such page.
	Customers Action = "customers"
	// CountOrder sends ID or Group, Before (a day, "2006-01-31"), Reason, Grace
	// (days), Note: the dry run of an order to choose new passwords. It shows
	// Count.
	CountOrder Action = "count_order"
	// PlaceOrder sends the same and Count.
	PlaceOrder Action = "place_order"
	// Orders sends Note and shows the Order with that note, what it is called,
	// and Left, how many accounts have not changed yet.
	Orders Action = "orders"
	// Withdraw sends Order and Note.
	Withdraw Action = "withdraw"
	// Audit opens the audit trail.
	Audit Action = "audit"
)

// Actions returns all actions, in the order in which they are described.
func Actions() []Action {
	return []Action{
		SignUp, Confirm, SignIn, GiveCode, ChoosePassword, SignOut, Renew, ChangePassword, AskReset, Reset,
		Enroll, ConfirmFactor, StepUp, Page, Deed, Script, ScriptDeed, DeepPage, Home, AddToCart, Cart, Card,
		Admin, Customers, CountOrder, PlaceOrder, Orders, Withdraw, Audit,
	}
}
