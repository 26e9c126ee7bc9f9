package keyring

import (
	"crypto/hmac"
	"crypto/sha256"
)

// MAC returns the 32 byte HMAC-SHA-256 (RFC 2104, FIPS 198-1) of data, under a key
// that is derived for this realm and purpose alone. Use it to name a thing without
// showing it, as in the row of a throttle counter, or to authenticate a cookie that
// need not be secret. Compare two MACs with [crypto/hmac.Equal].
//
// The same key, realm, purpose and data give the same MAC in every process and
// release. Names change when the key does, so keep to one key id for as long as
// the named things live. MACs and seals under one key do not touch each other.
//
// The purpose has 1 to 255 bytes, the data up to 64 KiB. The error is a
// *BoundsError, or a *MissingKeyError if the ring lacks the key. It is safe for
// concurrent use.
func (r *Ring) MAC(keyID, purpose string, data []byte) ([]byte, error) {
	if err := within("purpose", len(purpose), 1, MaxPurpose); err != nil {
		return nil, err
	}
	if err := within("data", len(data), 0, MaxMACInput); err != nil {
		return nil, err
	}
	k, err := r.key(keyID)
	if err != nil {
		return nil, err
	}
	key, err := expand(k.prk, r.realm, "mac", purpose)
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, key)
	h.Write(data)
	return h.Sum(nil), nil
}
