package main

import (
	"context"
	"time"

	"golang.org/x/crypto/bcrypt"
	"gorm.io/gorm/clause"
)

// demoEmail and demoPassword are a customer of the time before.
const (
	demoEmail    = "ada@example.com"
	demoPassword = "nine violet umbrellas"
)

// demo puts a customer of the time before into an empty table.
func (s *shop) demo(ctx context.Context) error {
	var n int64
	if err := s.db.WithContext(ctx).Model(&customer{}).Count(&n).Error; err != nil || n > 0 {
		return err
	}
	old, err := bcrypt.GenerateFromPassword([]byte(demoPassword), bcrypt.DefaultCost)
	if err != nil {
		return err
	}
	confirmed := time.Date(2021, 5, 4, 12, 0, 0, 0, time.UTC)
	return s.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&customer{
		Email: demoEmail, PasswordHash: string(old), CreatedAt: confirmed, ConfirmedAt: &confirmed,
	}).Error
}

// tryThis is what to type next.
func tryThis(addr string) string {
	post := "  curl -s -c jar -b jar -H 'Content-Type: application/json' http://" + addr
	return post + "/signup -d '{\"email\": \"bob@example.com\", \"password\": \"password\"}'\n" +
		post + "/login -d '{\"email\": \"" + demoEmail + "\", \"password\": \"" + demoPassword + "\"}'\n"
}
