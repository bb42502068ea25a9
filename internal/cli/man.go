package cli

import (
	"context"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// manPage is a page that was written.
type manPage struct {
	Page string `json:"page"`
	File string `json:"file"`
}

func newManCmd(app *App) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "man --out DIR",
		Short: app.tr("Write the manual pages", "生成手册页"),
		Long: app.tr(`Write the manual pages into a directory, one of section 1 for each command, one
of section 7 for each help topic, in the language of --lang. Pages that are
there are replaced. Their date is SOURCE_DATE_EPOCH, or that of the program's
commit, so that they are the same each time. make install puts them where man
looks for them.`, `将手册页写入目录：每个命令一页（第 1 节），每个帮助主题一页（第 7 节），语言由
--lang 指定；已有的页面会被替换。日期取 SOURCE_DATE_EPOCH 或程序的提交日期，
每次生成结果相同。make install 会安装手册页。`),
		Example:     "  farenctl man --out man1\n  man -l man1/farenctl-register-start.1",
		Annotations: map[string]string{unconfigured: "yes"},
		Args:        arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "out"); err != nil {
				return err
			}
			date, err := app.manDate()
			if err != nil {
				return err
			}
			type col = render.Column[manPage]
			view := render.List[manPage]{ID: func(p manPage) string { return p.Page }, Columns: []col{
				{Key: "page", Title: app.tr("PAGE", "页面"), Kind: render.ID}, {Key: "file", Title: app.tr("FILE", "文件"), Kind: render.ID},
			}}
			return printList(cmd.Context(), app, view, func(context.Context, *service.Service) (account.Page[manPage], error) {
				pages := []manPage{}
				if !app.global.dryRun {
					if err := os.MkdirAll(out, 0o755); err != nil {
						return account.Page[manPage]{}, fileFault(out, err)
					}
				}
				var failed error
				eachCommand(cmd.Root(), func(c *cobra.Command) {
					name := manName(c) + "." + manSection(c)
					p := manPage{Page: name, File: filepath.Join(out, name)}
					if failed == nil && !app.global.dryRun {
						if err := os.WriteFile(p.File, app.manPage(c, date), 0o644); err != nil {
							failed = fileFault(p.File, err)
						}
					}
					pages = append(pages, p)
				})
				return account.Page[manPage]{Items: pages}, failed
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", app.tr("directory to write into", "写入的目录"))
	takesDirectory(cmd, "out")
	return cmd
}

// manDate is the date of the pages; "" when neither is known (https://reproducible-builds.org/specs/source-date-epoch/).
func (app *App) manDate() (string, error) {
	if text := app.std.Getenv("SOURCE_DATE_EPOCH"); text != "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "", account.NewFault("CONFIG_INVALID", "problem", account.Say("SOURCE_DATE_EPOCH is no number of seconds", "SOURCE_DATE_EPOCH 须为秒数"))
		}
		return time.Unix(seconds, 0).UTC().Format(time.DateOnly), nil
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if at, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
				return at.UTC().Format(time.DateOnly), nil
			}
		}
	}
	return "", nil
}
