package fault

import "net/http"

// enumerationStatus: the handler maps "no rows" to 404 and a wrong password to
// 401, as for every other resource. The page looks the same to people and not to
// programs.
func enumerationStatus() parts {
	return unknownName(func(w http.ResponseWriter) http.ResponseWriter { return notFound{w} })
}

// notFound says that it was the name.
type notFound struct{ http.ResponseWriter }

func (w notFound) WriteHeader(status int) {
	if status == http.StatusUnauthorized {
		status = http.StatusNotFound
	}
	w.ResponseWriter.WriteHeader(status)
}
