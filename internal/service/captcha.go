package service

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"image/png"
	"math/big"
	"strings"

	"github.com/dchest/captcha"
	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
)

// The portal's captcha has four characters (guide 一.1); here they are digits.
const (
	captchaLength = 4
	captchaWidth  = 160
	captchaHeight = 80
)

const purposeCaptcha = "captcha"

// NewCaptcha draws a captcha and gives its picture, a PNG. The answer stays in it: the database has a hash of a keyed value.
func (s *Service) NewCaptcha(ctx context.Context) (account.Captcha, []byte, error) {
	if err := s.onlyOnce(); err != nil {
		return account.Captcha{}, nil, err
	}
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Captcha{}, nil, err
	}
	digits := make([]byte, captchaLength)
	answer := make([]byte, captchaLength)
	for i := range digits {
		n, err := rand.Int(rand.Reader, big.NewInt(10))
		if err != nil {
			return account.Captcha{}, nil, fmt.Errorf("make a captcha: %w", err)
		}
		digits[i] = byte(n.Int64())
		answer[i] = '0' + digits[i]
	}
	id, err := account.NewCaptchaID()
	if err != nil {
		return account.Captcha{}, nil, err
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, captcha.NewImage(id.String(), digits, captchaWidth, captchaHeight)); err != nil {
		return account.Captcha{}, nil, fmt.Errorf("draw a captcha: %w", err)
	}
	made, err := b.store.MakeCaptcha(ctx, c, postgres.NewCaptcha{CaptchaID: id.UUID(), Proof: b.keys.CodeProof(purposeCaptcha, id.String(), string(answer))})
	return made, picture.Bytes(), err
}

// AnswerCaptcha gives the answer, as ID:ANSWER, that the steps from here on take along; "": none.
func (s *Service) AnswerCaptcha(answer string) { s.opts.Captcha = answer }

// answered adds the answer of a captcha, as ID:ANSWER, to a request; empty: none was given.
func (s *Service) answered(b *backend, c *postgres.Caller) error {
	if s.opts.Captcha == "" {
		return nil
	}
	text, answer, found := strings.Cut(s.opts.Captcha, ":")
	id, err := account.ParseCaptchaID(text)
	if err != nil || !found {
		return account.NewFault("USAGE", "problem", account.Say("--captcha is cap_…:ANSWER", "--captcha 的格式为 cap_…:ANSWER")).WithCause(err)
	}
	raw := uuid.UUID(id)
	c.CaptchaID, c.CaptchaProof = &raw, s.proof(b.keys, notCheckedCaptcha, purposeCaptcha, id.String(), strings.TrimSpace(answer))
	return nil
}
