package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// NewCaptcha is a picture's answer as a keyed value.
type NewCaptcha struct {
	CaptchaID uuid.UUID `json:"captcha_id"`
	Proof     Hex       `json:"proof"`
}

// MakeCaptcha keeps the answer of a picture.
func (s *Store) MakeCaptcha(ctx context.Context, c Caller, captcha NewCaptcha) (account.Captcha, error) {
	var row struct {
		CaptchaID account.CaptchaID `json:"captcha_id"`
		ExpiresAt time.Time         `json:"expires_at"`
	}
	err := s.changeWith(ctx, c, &row, `SELECT api.make_captcha($1, $2)`, captcha)
	return account.Captcha{ID: row.CaptchaID, ExpiresAt: row.ExpiresAt.UTC()}, err
}
