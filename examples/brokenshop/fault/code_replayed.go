package fault

import "github.com/tillkey/tillkey/rotate"

// codeReplayed: the code is checked by the library at hand, which answers yes or
// no, and nothing remembers that it was used (RFC 6238, 5.2 asks for that). Who
// looks over a shoulder, or stands between customer and shop, has until the end
// of the window.
func codeReplayed() parts {
	return parts{store: func(s rotate.Store) rotate.Store {
		return spoiled{s, func(_, c *rotate.Credential, _ []rotate.Event) error {
			if c.Factor != nil {
				c.Factor.Step = 0
			}
			return nil
		}}
	}}
}
