package rotate

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/totp"
)

// marker begins every text that filled writes.
const marker = "mArKeR"

// filled returns a T in which every field, those of later days too, holds
// something: each text its own marker, on the heap and shared with nothing.
func filled[T any](t *testing.T) T {
	t.Helper()
	f := filler{t: t}
	v := new(T)
	f.fill(reflect.ValueOf(v).Elem(), reflect.TypeFor[T]().Name())
	return *v
}

type filler struct {
	t *testing.T
	n int
}

func (f *filler) fill(v reflect.Value, path string) {
	f.n++
	switch special := v.Addr().Interface().(type) {
	case *time.Time:
		*special = noon.Add(time.Duration(f.n) * time.Minute)
		return
	case *totp.Secret:
		*special = totp.NewSecret()
		return
	case *policy.Policy:
		special.Name = "policy"
		return
	case *func(old, new string) bool:
		*special = func(old, new string) bool { return old == new }
		return
	case *Reason:
		*special = Reason(strings.Clone(string(Compromise)))
		return
	case *Proof:
		*special = Proof(strings.Clone(string(ProofOutOfBand)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.Clone(fmt.Sprintf("%s %d", marker, f.n)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(f.n))
	case reflect.Uint8:
		v.SetUint(uint64(f.n % 251))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), path)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			f.fill(v.Index(i), path)
		}
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i), path)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Field(i)
			if !field.CanSet() {
				field = reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
			}
			f.fill(field, path+"."+v.Type().Field(i).Name)
		}
	default:
		f.t.Fatalf("%s is a %s: fill it", path, v.Kind())
	}
}

// memory lists where the memory of a value lies, with the name of the field that
// points there.
func memory(v reflect.Value, path string, into map[unsafe.Pointer]string) {
	if _, ok := v.Interface().(time.Time); ok {
		return // points to its zone, which is of the whole process
	}
	switch v.Kind() {
	case reflect.String:
		if v.Len() > 0 {
			into[unsafe.Pointer(unsafe.StringData(v.String()))] = path
		}
	case reflect.Pointer:
		if !v.IsNil() {
			into[v.UnsafePointer()] = path
			memory(v.Elem(), path, into)
		}
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Len() > 0 {
			into[v.UnsafePointer()] = path
		}
		for i := range v.Len() {
			memory(v.Index(i), path, into)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				memory(v.Field(i), path+"."+v.Type().Field(i).Name, into)
			}
		}
	}
}

// shared names the fields of two values that lie in the same memory.
func shared(a, b any, strings bool) (fields []string) {
	one, two := map[unsafe.Pointer]string{}, map[unsafe.Pointer]string{}
	memory(reflect.ValueOf(a), reflect.TypeOf(a).Name(), one)
	memory(reflect.ValueOf(b), reflect.TypeOf(b).Name(), two)
	if !strings { // texts never change: sharing those is fine
		for _, m := range []map[unsafe.Pointer]string{one, two} {
			for at, path := range m {
				if isText(a, path) {
					delete(m, at)
				}
			}
		}
	}
	for at, path := range one {
		if _, both := two[at]; both {
			fields = append(fields, path)
		}
	}
	return fields
}

// isText tells whether a path of fields ends in a text.
func isText(of any, path string) bool {
	typ := reflect.TypeOf(of)
	for _, name := range strings.Split(path, ".")[1:] {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		field, _ := typ.FieldByName(name)
		typ = field.Type
	}
	return typ.Kind() == reflect.String
}

// TestFilled: the helper of the laws below leaves no field empty, and sees what
// is shared.
func TestFilled(t *testing.T) {
	c := filled[Credential](t)
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		require.False(t, v.Field(i).IsZero(), v.Type().Field(i).Name)
	}
	shallow := c
	require.ElementsMatch(t,
		[]string{"Credential.Forced", "Credential.Factor", "Credential.Pending", "Credential.Recovery", "Credential.Retired", "Credential.Spent", "Credential.Ended"},
		shared(c, shallow, false))
	require.Contains(t, shared(c, shallow, true), "Credential.Account")
	require.Empty(t, shared(c, filled[Credential](t), true))
}
