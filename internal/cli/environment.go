package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/farenctl/farenctl/internal/config"
)

// environmentHelp tells every variable, from the table of settings and what is beside it.
func (app *App) environmentHelp() string {
	var b strings.Builder
	write := func(all []config.Variable) {
		for _, v := range all {
			fmt.Fprintf(&b, "\n  %s\n      %s\n", v.Name, app.tr(v.English, v.Chinese))
			if text := app.tr(v.DefaultEnglish, v.DefaultChinese); text != "" {
				fmt.Fprintf(&b, "      %s%s\n", app.tr("default: ", "默认："), text)
			}
		}
	}
	b.WriteString(app.tr(`A flag goes before a variable, a variable before the profile of the
configuration file, and the profile before the default. config show --origin
tells what holds now. Lists are words apart by spaces or commas. A secret never
stands in a variable: those that end in _FILE name a file with one. A misspelt
FARENCTL_ variable is told on stderr.
`, `优先级：命令行选项、环境变量、配置文件中的配置、默认值。
config show --origin 显示当前取值和来源。列表以空格或逗号分隔。
密钥不放在变量中：以 _FILE 结尾的变量指定密钥所在文件。
拼写有误的 FARENCTL_ 变量会在标准错误提示。
`))
	write(config.Variables())
	b.WriteString(app.tr("\nOf others:\n", "\n其他变量：\n"))
	write(config.OtherVariables())
	return b.String()
}

// warnMisspelt names variables that were probably meant to be farenctl's, never their values.
func (app *App) warnMisspelt() {
	const ours = "FARENCTL_"
	if app.global.quiet || app.std.Environ == nil {
		return
	}
	var known []string
	for _, entry := range app.std.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		rest, found := strings.CutPrefix(name, ours)
		if !found || rest == "" {
			continue
		}
		if known == nil {
			known = config.VariableNames()
		}
		if slices.Contains(known, name) {
			continue
		}
		short := make([]string, len(known))
		for i := range known {
			short[i] = strings.TrimPrefix(known[i], ours)
		}
		if near := nearest(rest, short); near != "" {
			app.note(fmt.Sprintf(app.tr("warning: unknown variable %s; did you mean %s?", "注意：未知环境变量 %s；您是否想用 %s？"), name, ours+near))
		}
	}
}
