package keyring

// hidden holds a value that no printer reaches. A method cannot do that alone: fmt
// calls none on a field that is not exported, nor for a verb that does not fit, and
// then follows pointers. Of a function it prints the address.
type hidden[T any] func() T

func hide[T any](value T) hidden[T] { return func() T { return value } }
