package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/batch"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

type registerBatchOptions struct {
	service.BatchOptions
	noState bool
}

func newRegisterBatchCmd(app *App) *cobra.Command {
	opts := &registerBatchOptions{}
	cmd := &cobra.Command{
		Use:   "batch {FILE | -} [--sandbox] [--resume]",
		Short: app.tr("Register the rows of a file", "批量注册"),
		Long: app.tr(`Register the rows of a file: JSON lines, each a document as register submit takes it, or CSV with the document's field names as
header, dotted where they are nested (agent.name). Every row goes by the rules of a single registration; rows that do not go in are
told with their line and code, and the others go in (exit status 7).

Without --sandbox each row needs its SMS code and stops at its agent's face check. Passwords come clear, in a file that only its owner can
read, or as password_hash, an Argon2id PHC string.

A run keeps a journal beside the file (FILE.state) until it has ended. One that was cut short, even by kill -9 or a power failure, goes on
with --resume where it was: no row is lost, and none is done twice. After Ctrl-C the rows under way are finished first.`, `批量注册文件中的各行：JSON lines（每行一份 register submit 的注册文件），或 CSV（表头为字段名，嵌套字段用点号，如 agent.name）。
每行与单独注册遵循相同规则；未成功的行按行号和代码列出，其余行照常完成（退出状态 7）。

不带 --sandbox 时，每行须有短信验证码，并停在经办人人脸认证之前。密码可为明文（文件须仅本人可读），或以 password_hash 提供 Argon2id 的 PHC 字符串。

运行期间在文件旁保留日志（FILE.state），完成后删除。中断的运行（包括 kill -9 或断电）可用 --resume 从中断处继续：不遗漏、不重复。
按 Ctrl-C 时，正在处理的各行会先完成。`),
		Example: `  farenctl register batch people.jsonl --sandbox \
      --report report.jsonl --failed-out failed.jsonl
  farenctl register batch people.jsonl --sandbox \
      --report report.jsonl --failed-out failed.jsonl --resume
  farenctl register batch failed.jsonl --sandbox

  # people.csv
  channel,entity_type,organization_name,unit_code,legal_representative.name,legal_representative.document_number,accept_terms,username,password_hash,agent.name,agent.document_number,agent.phone
  zhejiang,market-entity,杭州示例科技有限公司,91330106MA0000015K,王建国,330106198001010013,true,wang_example,"$argon2id$v=19$m=19456,t=2,p=1$…$…",王建国,330106198001010013,13700000001`,
		Annotations:       map[string]string{unlimited: byDefault, finishing: "true"},
		ValidArgsFunction: files("jsonl", "ndjson", "csv"),
		Args:              arguments(app, "FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := opts.complete(app, args[0]); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.batchObject(), func(ctx context.Context, s *service.Service) (account.BatchResult, error) {
				return opts.run(ctx, app, s, args[0])
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.Format, "format", "", app.tr("jsonl or csv (default: by the file's name, else jsonl)", "格式：jsonl 或 csv（默认按文件名判断，否则为 jsonl）"))
	flags.BoolVar(&opts.Sandbox, "sandbox", false, app.tr("let the sandbox answer SMS codes and face checks", "由沙箱代替短信验证码和人脸认证"))
	flags.IntVar(&opts.Workers, "workers", 0, app.tr("passwords that are hashed at once, each taking 19 MiB (0: as many as there are cores, at most 4)", "同时计算的密码哈希数，每个占用 19 MiB（0 为处理器核数，最多 4）"))
	flags.BoolVar(&opts.Resume, "resume", false, app.tr("go on with the run that was cut short, if there is one", "继续先前中断的运行（如有）"))
	flags.StringVar(&opts.State, "state", "", app.tr("file of the run's journal (default FILE.state)", "运行日志文件（默认 FILE.state）"))
	flags.BoolVar(&opts.noState, "no-state", false, app.tr("keep no journal: what is cut short cannot go on", "不保留运行日志，中断后不能继续"))
	flags.StringVar(&opts.Report, "report", "", app.tr("write what became of each row, as JSON lines", "逐行结果文件（JSON lines）"))
	flags.StringVar(&opts.FailedOut, "failed-out", "", app.tr("write the rows that did not go in, as JSON lines, to be fed again", "未成功的行，修改后可再次导入"))
	choices(cmd, "format", batch.Formats()...)
	for _, name := range []string{"state", "report", "failed-out"} {
		takesFile(cmd, name)
	}
	return cmd
}

// workersMax keeps a slip of the finger from taking all memory.
const workersMax = 256

// complete settles what the file's name says.
func (o *registerBatchOptions) complete(app *App, path string) error {
	if err := oneOf("format", o.Format, batch.Formats()); err != nil {
		return err
	}
	if o.Format == "" {
		o.Format = batch.JSONL
		if strings.EqualFold(filepath.Ext(path), ".csv") {
			o.Format = batch.CSV
		}
	}
	if o.Workers < 0 || o.Workers > workersMax {
		return account.NewFault("USAGE", "problem", fmt.Sprintf(app.tr("--workers: 0-%d", "--workers:0-%d"), workersMax))
	}
	if o.Workers == 0 {
		o.Workers = service.DefaultBatchWorkers()
	}
	switch {
	case o.noState && (o.State != "" || o.Resume):
		return account.NewFault("USAGE", "problem", app.tr("--no-state goes with neither --state nor --resume", "--no-state 不能与 --state、--resume 同时使用"))
	case !o.noState && o.State == "" && path != "-":
		o.State = path + ".state"
	case o.Resume && o.State == "":
		return account.NewFault("USAGE", "problem", app.tr("--resume of standard input needs --state FILE", "对标准输入使用 --resume 须指定 --state FILE"))
	}
	if app.global.captcha != "" {
		return account.NewFault("USAGE", "problem", app.tr("--captcha: it is good for one registration, not for a batch", "--captcha：仅适用于单次注册，不适用于批量"))
	}
	if err := o.apart(app, path); err != nil {
		return err
	}
	// Beside the program itself, within 128 MiB for the default workers, whatever the size of the file.
	debug.SetMemoryLimit(112<<20 + max(int64(o.Workers)-4, 0)*24<<20)
	return nil
}

// apart makes the paths absolute, so that a run can go on from another directory, and refuses two that are one file.
func (o *registerBatchOptions) apart(app *App, path string) error {
	files := map[string]*string{"--state": &o.State, "--report": &o.Report, "--failed-out": &o.FailedOut}
	if path != "-" {
		files["FILE"] = &path
	}
	seen := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if *files[name] == "" {
			continue
		}
		full, err := filepath.Abs(*files[name])
		if err != nil {
			return fileFault(*files[name], err)
		}
		*files[name] = full
		if real, err := filepath.EvalSymlinks(full); err == nil {
			full = real
		}
		if other, taken := seen[full]; taken {
			return account.NewFault("USAGE", "problem", fmt.Sprintf(app.tr("%s and %s are the same file", "%s 与 %s 是同一文件"), other, name))
		}
		seen[full] = name
	}
	return nil
}

func (o *registerBatchOptions) run(ctx context.Context, app *App, s *service.Service, path string) (account.BatchResult, error) {
	file, err := app.open(path, true)
	if err != nil {
		return account.BatchResult{}, err
	}
	defer file.Close() //nolint:errcheck // only read
	if file.private(path) != nil {
		o.Exposed = path
	}
	o.Open = beside(app, path)
	done := o.progress(ctx, app, file.size())
	result, err := s.RegisterBatch(ctx, file, o.BatchOptions)
	done()
	if err != nil && o.State != "" && !app.global.quiet && !account.HasCode(err, "ROWS_REFUSED") && !account.HasCode(err, "BATCH_UNFINISHED") && result.Rows > 0 {
		app.note(fmt.Sprintf(app.tr("%d rows are done; go on with: the same command and --resume", "已完成 %d 行；请以相同命令加 --resume 继续"), result.Rows))
	}
	return result, err
}

// progress shows how far a run has come: a bar on a terminal, else a line now and then. The result ends it.
func (o *registerBatchOptions) progress(ctx context.Context, app *App, size int64) func() {
	if app.global.quiet {
		return func() {}
	}
	began := time.Now()
	var last atomic.Int64 // told on one goroutine, shown on another
	rate := func(rows int64) float64 { return float64(rows) / max(time.Since(began).Seconds(), 0.001) }
	if !app.std.ErrTTY || size == 0 {
		told := began
		o.Progress = func(rows, _ int64) {
			if time.Since(told) >= 10*time.Second {
				told = time.Now()
				app.note(fmt.Sprintf(app.tr("%d rows, %.0f a second", "%d 行，每秒 %.0f 行"), rows, rate(rows)))
			}
		}
		return func() {}
	}
	bars := mpb.NewWithContext(context.WithoutCancel(ctx), mpb.WithOutput(app.std.Err), mpb.WithWidth(40), mpb.WithRefreshRate(200*time.Millisecond))
	bar := bars.AddBar(size, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string {
			return fmt.Sprintf(app.tr("%d rows, %.0f a second ", "%d 行，每秒 %.0f 行 "), last.Load(), rate(last.Load()))
		})),
		mpb.AppendDecorators(decor.Percentage(), decor.Name(" "), decor.AverageETA(decor.ET_STYLE_GO)))
	o.Progress = func(rows, bytes int64) {
		last.Store(rows)
		bar.SetCurrent(bytes)
	}
	return func() {
		bar.Abort(true)
		bars.Wait()
	}
}

// beside opens a scan that a file names, relative to the file's directory; of standard input, to the working one.
func beside(app *App, file string) service.OpenFile {
	return func(path string) (io.ReadCloser, error) {
		if file != "-" && !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(file), path)
		}
		return app.openDocument(path)
	}
}

func (app *App) batchObject() render.Object[account.BatchResult] {
	return render.Object[account.BatchResult]{ID: render.Unnamed[account.BatchResult], Columns: []render.Column[account.BatchResult]{
		{Key: "rows", Title: app.tr("ROWS", "行数")},
		{Key: "made", Title: app.tr("MADE", "已完成"), Lines: func(r account.BatchResult) []string { return tallied(r.Made, r.Statuses) }},
		{Key: "failed", Title: app.tr("FAILED", "未成功"), Lines: func(r account.BatchResult) []string { return tallied(r.Failed, r.Codes) }},
		{Key: "failures", Title: app.tr("WHY", "原因"), Lines: app.failureLines},
		{Key: "seconds", Title: app.tr("SECONDS", "用时（秒）"), Value: func(r account.BatchResult) string { return fmt.Sprintf("%.1f", r.Seconds) }},
	}}
}

// tallied is a count with what it is made of.
func tallied(total int64, parts map[string]int64) []string {
	lines := []string{fmt.Sprint(total)}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		lines = append(lines, fmt.Sprintf("%d %s", parts[name], name))
	}
	return lines
}

func (app *App) failureLines(r account.BatchResult) []string {
	var lines []string
	for _, f := range r.Failures {
		lines = append(lines, fmt.Sprintf(app.tr("line %d: %s: %s: %s", "第 %d 行：%s：%s：%s"), f.Line, f.Key, f.Code, f.Message))
	}
	if int64(len(r.Failures)) < r.Failed {
		lines = append(lines, app.tr("… all with --report FILE", "……全部内容请用 --report FILE"))
	}
	return lines
}
