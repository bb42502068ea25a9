package postgres

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/farenctl/farenctl/internal/account"
)

// grants are the group roles that may use each function and view of the schema api, as the embedded files grant it. They are read when
// somebody was refused, not at every start.
var grants = sync.OnceValue(func() map[string][]string {
	grant := regexp.MustCompile(`(?m)^GRANT (?:EXECUTE ON FUNCTION|SELECT ON) (api\.[^;]*) TO ([a-z_, ]+);`)
	name := regexp.MustCompile(`api\.([a-z_]+)`)
	found := map[string][]string{}
	for _, file := range codeFiles() {
		text, _ := files.ReadFile(file)
		for _, g := range grant.FindAllStringSubmatch(string(text), -1) {
			for _, what := range name.FindAllStringSubmatch(g[1], -1) {
				found[what[1]] = append(found[what[1]], strings.Split(g[2], ", ")...)
			}
		}
	}
	return found
})

// mayRun names the roles in a refusal for want of one.
func mayRun(err error, what string) error {
	var f *account.Fault
	if !errors.As(err, &f) || f.Code != "FORBIDDEN" || f.Details["roles"] != nil {
		return err
	}
	roles := slices.Clone(grants()[what])
	if len(roles) == 0 {
		return err
	}
	return needsRole(f, roles)
}

// needsRole says which roles may do what was refused.
func needsRole(f *account.Fault, roles []string) *account.Fault {
	return f.With("roles", roles).WithAdvice(account.Say("ask an administrator for the role %[1]s", "请联系管理员授予角色 %[2]s", strings.Join(roles, " or "), strings.Join(roles, " 或 ")))
}
