package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
)

// usage gives every error of usage the command that was run, for its hint to name, wherever it was found. What the parser and the printer
// say become USAGE here; our faults keep their codes.
func (app *App) usage(err error, cmd *cobra.Command) error {
	var f *account.Fault
	var option *render.UsageError
	var field *render.UnknownFieldError
	var program *render.ProgramError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		if _, named := f.Details["command"]; f.Code == "USAGE" && !named {
			f.With("command", cmd.CommandPath()) //nolint:errcheck // it gives the fault itself back
		}
		return err
	case errors.As(err, &option):
		return account.NewFault("USAGE", "problem", outputProblem(option), "command", cmd.CommandPath())
	case errors.As(err, &field):
		problem := account.Say(field.Error(), fmt.Sprintf("--fields：未知字段 %q，可用的字段：%s", field.Field, strings.Join(field.Known, "、")))
		return account.NewFault("USAGE", "problem", problem, "command", cmd.CommandPath())
	case errors.As(err, &program):
		problem := account.Say(program.Error(), program.Option+"：程序处理此结果时出错："+program.Reason)
		return account.NewFault("USAGE", "problem", problem, "command", cmd.CommandPath())
	case !app.parsed:
		return app.asUsage(err, cmd)
	}
	return err
}

// outputProblem tells what is wrong with a flag of the output. What a compiler says of a program is told as it says it.
func outputProblem(e *render.UsageError) account.Text {
	zh := e.Option + " 不能与 " + e.Value + " 同用"
	switch e.Problem {
	case render.ProblemUnknownFormat:
		zh = fmt.Sprintf("%s：未知格式 %q，可用的格式：%s", e.Option, e.Value, strings.Join(render.FormatNames(), "、"))
	case render.ProblemEmptyTemplate:
		zh = e.Option + "：template 须带内容，例如 template={{.id}}"
	case render.ProblemBadTemplate:
		zh = e.Option + "：模板有误：" + e.Value
	case render.ProblemBadJQ:
		zh = e.Option + "：程序无法编译：" + e.Value
	case render.ProblemEmptyField:
		zh = fmt.Sprintf("%s：%q 中有空的字段名", e.Option, e.Value)
	case render.ProblemNoID:
		zh = e.Option + "：此结果没有可输出的编号"
	case render.ProblemConflict:
	}
	return account.Say(e.Error(), zh)
}

// asUsage makes the parser's errors USAGE; ours keep their codes. The parser quotes what was typed, which may be a
// secret in the wrong place (`-pSECRET`): only names of flags are repeated.
func (app *App) asUsage(err error, cmd *cobra.Command) error {
	var f *account.Fault
	if errors.As(err, &f) {
		return err
	}
	return account.NewFault("USAGE", "problem", app.parseProblem(err, cmd), "command", cmd.CommandPath())
}

func (app *App) parseProblem(err error, cmd *cobra.Command) string {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	var syntax *pflag.InvalidSyntaxError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return app.tr("unknown flag -", "未知选项 -") + unknown.GetSpecifiedShortnames()[:1]
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		problem := app.tr("unknown flag --", "未知选项 --") + name
		if near := nearest(name, flagNames(cmd)); near != "" {
			problem += fmt.Sprintf(app.tr("; did you mean --%s?", "；您是否想用 --%s？"), near)
		}
		return problem
	case errors.As(err, &value):
		problem := "--" + value.GetFlag().Name + app.tr(": not a valid ", "：不是有效的") + app.typeWord(value.GetFlag().Value.Type())
		var known rangeError
		if errors.As(err, &known) {
			problem += fmt.Sprintf(app.tr(" (%s)", "（%s）"), known)
		}
		return problem
	case errors.As(err, &missing):
		return "--" + strings.TrimLeft(missing.GetSpecifiedName(), "-") + app.tr(": a value is missing", "：缺少取值")
	case errors.As(err, &syntax):
		return app.tr("a flag is not written as one", "选项写法有误")
	}
	return app.tr("arguments", "参数有误")
}

// rangeError tells what a flag's value may be.
type rangeError string

func (e rangeError) Error() string { return string(e) }

// flagNames are the flags that a command shows.
func flagNames(cmd *cobra.Command) []string {
	names := []string{"help"}
	add := func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	}
	cmd.NonInheritedFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	return names
}
