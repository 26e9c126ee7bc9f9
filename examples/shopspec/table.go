package shopspec

// Table describes a shop to [HTML] and [JSON]. Most of it is where each action
// is and what its fields are called; the rest says how to read the answers.
//
// A text to look for, called a match below, is a regular expression with at
// most one group for HTML, and the path of a value for JSON, as "order.id",
// "problems[*].code" (each of a list), "orders[note={note}].left" (the one of a
// list whose note is the field note), or "state=due" (only that value). A
// {field} stands for what was sent as it.
type Table struct {
	// Routes are the actions that the shop has. What is missing is
	// [ErrUnsupported].
	Routes map[Action]Route `json:"routes"`
	// Leads says what it means that an answer leads to a path, or below it, as
	// "/login": denied. A form that leads elsewhere was taken; a page that does
	// is not the page that was asked for, and failed.
	Leads map[string]Outcome `json:"leads,omitempty"`
	// Code is the path of the code of an answer in JSON; "" means "code". Codes
	// says what a code means; those of Tillkey's package rotate/web need no
	// entry.
	Code  string             `json:"code,omitempty"`
	Codes map[string]Outcome `json:"codes,omitempty"`
	// Reasons names the code of Tillkey's package policy for each reason that
	// the shop gives for refusing a password: a regular expression that matches
	// the text or code that Find shows as reasons. What matches none is its own
	// name.
	Reasons map[string]string `json:"reasons,omitempty"`
	// Mails are regular expressions whose group is the ticket in a mail, for
	// Confirm and Reset. The ticket is unescaped as the query of a URL is.
	Mails map[Action]string `json:"mails,omitempty"`
	// NextParameter is what the way back is called in the query of an address;
	// "" means "next".
	NextParameter string `json:"next_parameter,omitempty"`
	// Say translates groups and reasons of orders, as "customers": "clients".
	Say map[string]string `json:"say,omitempty"`
	// Breached are those of Shop, for a table that is kept in a file.
	Breached []string `json:"breached,omitempty"`
}

// Route is how one action is done.
type Route struct {
	// Method is the HTTP method; "" means GET without Fields, Form and Fixed,
	// and POST with.
	Method string `json:"method,omitempty"`
	// Path is the path, and query if any, with {field} for what is sent there.
	Path string `json:"path"`
	// Form is the path of a page whose hidden fields are sent along, as a token
	// against forged requests. HTML only.
	Form string `json:"form,omitempty"`
	// Fields are what the shop calls the fields that it takes. Fields without a
	// value are not sent. JSON sends count, grace and left as numbers.
	Fields map[Field]string `json:"fields,omitempty"`
	// Fixed is sent as it is.
	Fixed map[string]any `json:"fixed,omitempty"`
	// Header is sent as it is.
	Header map[string]string `json:"header,omitempty"`
	// Within is a regular expression for the part of the page in which Find
	// looks; "" means all of it. HTML only.
	Within string `json:"within,omitempty"`
	// Find is a match for each field that the answer shows.
	Find map[Field]string `json:"find,omitempty"`
	// More is a match for the path of the next page, where what Find looks for
	// may be on one of several pages.
	More string `json:"more,omitempty"`
	// Signs say what an answer means, the first that matches first.
	Signs []Sign `json:"signs,omitempty"`
}

// Sign tells the meaning of an answer by what is in it.
type Sign struct {
	// Status is the status that it belongs to; 0 means 200 to 299.
	Status int `json:"status,omitempty"`
	// Match is a match; "" matches always.
	Match string  `json:"match,omitempty"`
	Means Outcome `json:"means"`
}

// codes is what the codes of rotate/web mean. Those of Next are the same.
func codes() map[string]Outcome {
	return map[string]Outcome{
		"proceed": Passed, "denied": Denied, "sign_in_again": Denied, "wait": Wait, "refused": Refused,
		"need_code": NeedCode, "need_new_password": NeedPassword, "need_enroll": NeedEnroll, "need_proof": NeedProof,
		"step_up": NeedStepUp, "bad_ticket": Gone, "not_found": Missing,
		"no_browser": Failed, "conflict": Failed, "overloaded": Failed, "unavailable": Failed, "fault": Failed,
	}
}
