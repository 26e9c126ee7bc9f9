package main

import (
	"net/http"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// edge is a request of fiber as net/http sees it, so that middleware of net/http
// can stand before native handlers, in the same goroutine and over the same
// memory. As all that belongs to a request of fiber, it ends with the handler.
type edge struct {
	fiber.Ctx // its Write is that of an http.ResponseWriter
	header    http.Header
	request   *http.Request
}

func (e *edge) Header() http.Header    { return e.header }
func (e *edge) WriteHeader(status int) { e.Status(status) }

type edgeKey struct{}

// edgeOf is the edge of a request, as writer and request of net/http.
func edgeOf(c fiber.Ctx) (http.ResponseWriter, *http.Request) {
	e := c.Locals(edgeKey{}).(*edge)
	return e, e.request
}

// edges makes the edge of every request. It goes behind the session, which
// fiber's PassLocalsToContext puts into c.Context, and answers errors while there
// is one: the middleware gives it to another request afterwards.
func (s *shop) edges(c fiber.Ctx) error {
	r, err := adaptor.ConvertRequest(c, true)
	if err != nil {
		return fiber.ErrBadRequest
	}
	e := &edge{c, http.Header{}, r.WithContext(c.Context())}
	c.Locals(edgeKey{}, e)
	if err = c.Next(); err != nil {
		err = s.failed(c, err)
	}
	c.Locals(edgeKey{}, nil)
	for name, values := range e.header {
		for _, value := range values {
			c.Response().Header.Add(name, value)
		}
	}
	return err
}

// before puts middleware of net/http, such as a Gate's, before native handlers.
func before(middleware func(http.Handler) http.Handler) fiber.Handler {
	return func(c fiber.Ctx) (err error) {
		e := c.Locals(edgeKey{}).(*edge)
		middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			e.request = r
			err = c.Next()
		})).ServeHTTP(e, e.request)
		return err
	}
}

// browser is the value that tickets are bound to.
func browser(c fiber.Ctx) string { return web.Browser(edgeOf(c)) }

// held is the session of a visitor, good or not quite; zero for guests.
func held(c fiber.Ctx) rotate.Session {
	_, r := edgeOf(c)
	session, _, _ := web.Held(r.Context())
	return session
}
