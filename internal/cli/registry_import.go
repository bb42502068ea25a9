package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// rejectedShown is how many rows that were not taken a table lists; JSON has them all.
const rejectedShown = 20

func newRegistryImportCmd(app *App) *cobra.Command {
	var strict bool
	cmd := &cobra.Command{
		Use:   "import {FILE.csv | -} [--strict]",
		Short: app.tr("Load the register from a CSV file", "从 CSV 文件导入登记信息"),
		Long: app.tr(`Load the business register from a CSV file: UTF-8, with or without a byte order mark, with the header names
unit_code,name,legal_representative,document_type,document_number,status and, if there, registration_number,organization_code.

A unit code that is known already is replaced. Rows that are not valid are listed with line and code, and the rest is
loaded (exit status 7); with --strict one such row stops it all.`, `从 CSV 文件导入登记信息：UTF-8 编码（可带 BOM），表头为
unit_code,name,legal_representative,document_type,document_number,status，可另有 registration_number,organization_code。

已有的单位编号会被更新。无效行按行号和代码列出，其余行照常导入（退出状态 7）；加 --strict 则有一行无效即全部不导入。`),
		Annotations:       map[string]string{unlimited: byDefault},
		ValidArgsFunction: files("csv"),
		Args:              arguments(app, "FILE.csv"),
		RunE: func(cmd *cobra.Command, args []string) error {
			view := render.Object[account.ImportResult]{ID: render.Unnamed[account.ImportResult], Columns: []render.Column[account.ImportResult]{
				{Key: "rows", Title: app.tr("ROWS", "行数")},
				{Key: "added", Title: app.tr("ADDED", "新增")},
				{Key: "replaced", Title: app.tr("REPLACED", "更新")},
				{Key: "rejected", Title: app.tr("NOT TAKEN", "未接受"), Lines: app.rejectedLines},
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.ImportResult, error) {
				return app.importFile(ctx, s, args[0], strict)
			})
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, app.tr("load nothing when a row is not valid", "有一行无效即全部不导入"))
	return cmd
}

func (app *App) rejectedLines(r account.ImportResult) []string {
	lines := []string{fmt.Sprint(len(r.Rejected))}
	for i, row := range r.Rejected {
		if i == rejectedShown {
			return append(lines, app.tr("… all with -o json", "……全部内容请用 -o json"))
		}
		f := row.Fault()
		lines = append(lines, fmt.Sprintf(app.tr("line %d: %s: %s", "第 %d 行：%s：%s"), row.Line, f.Code, f.Message(app.lang, app.location())))
	}
	return lines
}

func (app *App) importFile(ctx context.Context, s *service.Service, path string, strict bool) (account.ImportResult, error) {
	file, err := app.open(path, false)
	if err != nil {
		return account.ImportResult{}, err
	}
	defer file.Close() //nolint:errcheck // only read
	size := file.size()
	o := service.ImportOptions{Strict: strict}
	if app.std.ErrTTY && size > 0 && !app.global.quiet {
		progress := mpb.NewWithContext(ctx, mpb.WithOutput(app.std.Err), mpb.WithWidth(48), mpb.WithRefreshRate(200*time.Millisecond))
		bar := progress.AddBar(size, mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.CountersKibiByte("% .1f / % .1f")), mpb.AppendDecorators(decor.Percentage(), decor.Name(" "), decor.AverageETA(decor.ET_STYLE_GO)))
		o.Progress = bar.SetCurrent
		defer func() {
			bar.Abort(true)
			progress.Wait()
		}()
	}
	return s.ImportRegister(ctx, file, o)
}
