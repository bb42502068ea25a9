package cli

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newAuditExportCmd(app *App) *cobra.Command {
	var flags *auditFlags
	var out string
	cmd := &cobra.Command{
		Use:   "export [--out F.jsonl] [--since T] [--until T] [--action A] [--operator L] [--subject ID]",
		Short: app.tr("Write every event as JSON lines", "以 JSON lines 导出全部审计记录"),
		Long: app.tr(`Write every event that the flags let through, one JSON object a line, in the order of their numbers, masked, whatever their number in little
memory: to stdout, or with --out into a new file, whose SHA-256 is told. The keys are those of audit list -o json. What is exported proves nothing by
itself: audit verify proves the events that are in the database.`,
			`按编号顺序导出符合条件的全部审计记录，每行一个 JSON 对象，均已脱敏；无论多少条都只占用少量内存。输出到标准输出，或以 --out 写入新文件并给出其
SHA-256。各键与 audit list -o json 相同。导出文件本身不构成证明：数据库中的记录由 audit verify 证明。`),
		Example: `  farenctl audit export --out audit.jsonl
  farenctl audit export --since 2026-11-01 | gzip > november.jsonl.gz`,
		Annotations: map[string]string{unlimited: byDefault},
		Args:        arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			query, err := flags.read(app, cmd)
			if err != nil {
				return err
			}
			if out == "" {
				return app.exportAudit(cmd, query)
			}
			view := render.Object[account.AuditExport]{ID: render.Unnamed[account.AuditExport], Columns: []render.Column[account.AuditExport]{
				{Key: "file", Title: app.tr("FILE", "文件"), Kind: render.ID},
				{Key: "events", Title: app.tr("EVENTS", "记录数")},
				{Key: "first_event_id", Title: app.tr("FIRST", "首个编号")},
				{Key: "last_event_id", Title: app.tr("LAST", "末个编号")},
				{Key: "sha256", Title: app.tr("SHA-256", "SHA-256"), Kind: render.ID},
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.AuditExport, error) {
				done := account.AuditExport{File: out}
				return done, writeNew(out, func(file *os.File) error { return writeEvents(ctx, s, query, file, &done) })
			})
		},
	}
	flags = auditFlagsOf(app, cmd)
	cmd.Flags().StringVar(&out, "out", "", app.tr("file to write; it must not exist (default: stdout)", "要写入的文件，须不存在（默认为标准输出）"))
	takesFile(cmd, "out", "jsonl")
	return cmd
}

// exportAudit writes the events on stdout, which has one form.
func (app *App) exportAudit(cmd *cobra.Command, query service.AuditQuery) error {
	if o := app.global.output; o != "" && o != render.FormatJSONL || app.global.jq != "" || len(app.global.fields) > 0 {
		return account.NewFault("USAGE", "problem", app.tr("an export is JSON lines, whole: without --output, --jq and --fields", "导出为完整的 JSON lines：不使用 --output、--jq 和 --fields"), "command", cmd.CommandPath())
	}
	s, err := app.service()
	if err != nil {
		return err
	}
	err = writeEvents(cmd.Context(), s, query, app.std.Out, &account.AuditExport{})
	if errors.Is(err, syscall.EPIPE) {
		return nil // the reader has seen enough
	}
	return err
}

// writeEvents writes events, one a line, and counts them.
func writeEvents(ctx context.Context, s *service.Service, query service.AuditQuery, to io.Writer, done *account.AuditExport) error {
	sum := sha256.New()
	buffered := bufio.NewWriterSize(io.MultiWriter(to, sum), 1<<16)
	lines := json.NewEncoder(buffered)
	lines.SetEscapeHTML(false)
	err := s.ExportAudit(ctx, query, func(e account.AuditEvent) error {
		done.Events++
		if done.First == nil {
			done.First = &e.ID
		}
		done.Last = &e.ID
		return lines.Encode(e) //nolint:wrapcheck // it is the stream's
	})
	if err = errors.Join(err, buffered.Flush()); err != nil {
		return fmt.Errorf("export the audit: %w", err)
	}
	done.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return nil
}
