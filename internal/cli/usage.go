package cli

import (
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"github.com/farenctl/farenctl/internal/account"
)

// asUsage makes the parser's errors USAGE; ours keep their codes. The parser quotes what was typed, which may be a
// secret in the wrong place (`-pSECRET`): only names of flags are repeated.
func (app *App) asUsage(err error, command string) error {
	var f *account.Fault
	if errors.As(err, &f) {
		return err
	}
	return account.NewFault("USAGE", "problem", app.parseProblem(err), "command", command)
}

func (app *App) parseProblem(err error) string {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	var syntax *pflag.InvalidSyntaxError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return app.tr("unknown flag -", "未知选项 -") + unknown.GetSpecifiedShortnames()[:1]
	case errors.As(err, &unknown):
		return app.tr("unknown flag --", "未知选项 --") + unknown.GetSpecifiedName()
	case errors.As(err, &value):
		problem := "--" + value.GetFlag().Name + app.tr(": not a valid ", ":不是有效的 ") + value.GetFlag().Value.Type()
		var known rangeError
		if errors.As(err, &known) {
			problem += " (" + known.Error() + ")"
		}
		return problem
	case errors.As(err, &missing):
		return "--" + strings.TrimLeft(missing.GetSpecifiedName(), "-") + app.tr(": a value is missing", ":缺少取值")
	case errors.As(err, &syntax):
		return app.tr("a flag is not written as one", "选项写法有误")
	}
	return app.tr("arguments", "参数有误")
}

// rangeError tells what a flag's value may be.
type rangeError string

func (e rangeError) Error() string { return string(e) }
