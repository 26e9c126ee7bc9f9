package main

import (
	"context"

	"github.com/tillkey/tillkey/rotate"
)

// leave gives every hash back to the shop's own table, as PHC strings. Stop all
// instances first, or changes made meanwhile are missing.
func (s *shop) leave(ctx context.Context) error {
	return s.keeper.Export(ctx, rotate.Query{}, func(account, encoded string) error {
		return s.db.WithContext(ctx).Model(&customer{}).Where("id = ?", account).Update("password_hash", encoded).Error
	})
}
