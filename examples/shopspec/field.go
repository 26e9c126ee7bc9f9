package shopspec

// Field is something that is sent, or that an answer shows.
type Field string

// The fields. [Action] says which one sends and shows which.
const (
	Name        Field = "name"
	Email       Field = "email"
	Password    Field = "password"
	NewPassword Field = "new_password"
	Code        Field = "code"
	Recovery    Field = "recovery"
	Ticket      Field = "ticket"
	Next        Field = "next"
	Secret      Field = "secret"
	Reasons     Field = "reasons"
	Items       Field = "items"
	Token       Field = "token"
	Renewal     Field = "renewal"
	// Those of an order to choose new passwords.
	ID     Field = "id"
	Group  Field = "group"
	Before Field = "before"
	Reason Field = "reason"
	Grace  Field = "grace"
	Note   Field = "note"
	Count  Field = "count"
	Order  Field = "order"
	Left   Field = "left"
)

// Fields are what an action sends.
type Fields map[Field]string

// AllFields returns all fields.
func AllFields() []Field {
	return []Field{
		Name, Email, Password, NewPassword, Code, Recovery, Ticket, Next, Secret, Reasons, Items, Token, Renewal,
		ID, Group, Before, Reason, Grace, Note, Count, Order, Left,
	}
}

// GroupCustomers is the Group of all customers; [Table].Say translates it.
const GroupCustomers = "customers"

// The reasons of orders; [Table].Say translates them.
const (
	PolicyRaised = "policy_raised" // the old password is proof enough
	Compromise   = "compromise"    // it is not, and sessions end
)
