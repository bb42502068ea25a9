package account

import (
	"strings"
	"time"
)

// Operator is a database login. Roles are the group roles that it was given, Inherited those that come with them. ValidUntil bounds its
// password, ConnectionLimit its connections; null: nothing does. Managed says that it was made here, so that its access can be changed here, too.
// Warnings are what makes it more, or less, than its roles say: superuser, createrole, createdb, replication, bypassrls, owner, expired, noinherit.
type Operator struct {
	Name            string     `json:"name"`
	Roles           []string   `json:"roles"`
	Inherited       []string   `json:"inherited"`
	CanLogin        bool       `json:"can_login"`
	ValidUntil      *time.Time `json:"valid_until"`
	ConnectionLimit *int       `json:"connection_limit"`
	Managed         bool       `json:"managed"`
	Warnings        []string   `json:"warnings"`
}

// The rules of a login's password. Nobody types it often, and whoever has its verifier may guess without limit.
const (
	loginPasswordMin = 12
	loginPasswordMax = 128
	// loginPasswordKinds is how many different characters it has at least.
	loginPasswordKinds = 6
)

// CheckLoginPassword checks a password of a database login; nil: it is good. Only printable ASCII characters are the same bytes to every
// client of PostgreSQL.
func CheckLoginPassword(password, login string) error {
	kinds, other := map[rune]bool{}, false
	for _, r := range password {
		kinds[r] = true
		other = other || r <= ' ' || r >= 0x7f
	}
	var problem Text
	switch {
	case other:
		problem = Say("only printable ASCII characters without spaces", "只能使用可打印的 ASCII 字符（不含空格）")
	case len(password) < loginPasswordMin || len(password) > loginPasswordMax:
		problem = Say("from %d to %d characters", "长度须为 %d 至 %d 位", loginPasswordMin, loginPasswordMax)
	case len(kinds) < loginPasswordKinds:
		problem = Say("at least %d different characters", "至少须含 %d 种不同字符", loginPasswordKinds)
	case login != "" && strings.Contains(strings.ToLower(password), strings.ToLower(login)):
		problem = Say("without the login's name", "不得包含用户名")
	default:
		return nil
	}
	return NewFault("LOGIN_PASSWORD_WEAK", "field", "password", "problem", problem)
}
