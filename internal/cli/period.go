package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/service"
)

func periodFlags(app *App, cmd *cobra.Command, p *service.Period) {
	cmd.Flags().Var((*day)(&p.Since), "since", app.tr("first day, as 2026-02-14 (default 13 days before the last)", "首日，例如 2026-02-14（默认为末日之前第 13 天）"))
	cmd.Flags().Var((*day)(&p.Until), "until", app.tr("last day (default today)", "末日（默认为今天）"))
}

// periodHelp tells what both statistics have in common.
func (app *App) periodHelp() string {
	return app.tr(`

Days are those of China, as everywhere in the rules, whatever the time zone of tables. JSON and YAML have everything; CSV and
JSON lines have the days alone, one row a day and kind, those with nothing to count too; --fields in a table chooses sections by
their key in JSON.`, `

日期均按北京时间计，与各项规则一致，不随表格时区变化。JSON 和 YAML 含全部数据；CSV 和 JSON Lines 仅含逐日数据，每天每类型一行，
无数据的日期也列出；在表格中 --fields 按 JSON 的键选择各部分。`)
}

// periodTitle names the days of a section; "" before they are known.
func (app *App) periodTitle(en, zh, since, until string) string {
	return fmt.Sprintf(app.tr("%s, %s to %s", "%s（%s 至 %s）"), app.tr(en, zh), since, until)
}

// day is a flag that takes a date.
type day string

func (d *day) String() string { return string(*d) }

func (d *day) Type() string { return "date" }

func (d *day) Set(text string) error {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil || at.Year() < 1 {
		return rangeError("2026-02-14")
	}
	*d = day(text)
	return nil
}
