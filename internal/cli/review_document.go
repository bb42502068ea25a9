package cli

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newReviewDocumentCmd(app *App) *cobra.Command {
	var out, unitCode string
	cmd := &cobra.Command{
		Use:   "document <application> {<document> | licence | agent-document | proof} --out F.jpg --reason TEXT",
		Short: app.tr("Write an application's document to a file", "导出申请的文件"),
		Long: app.tr(`Write a document of an application to a new file that only its owner can read, as it was uploaded. Who asked and why is recorded
first. It needs the role faren_reviewer and the sealing key. Delete the file after the comparison.`, `将申请的文件按上传原样写入新文件（仅本人可读），并先记入审计。需要 faren_reviewer 角色和完整密钥环。比对后请删除该文件。`),
		ValidArgsFunction: completes(app, manualApplications(), oneOfWords(account.DocumentKinds()...)),
		Args:              arguments(app, "<application>", "<document>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := required(app, cmd, "out", "reason"); err != nil {
				return err
			}
			view := render.Object[writtenDocument]{ID: func(d writtenDocument) string { return d.ID.String() }, Columns: []render.Column[writtenDocument]{
				{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
				{Key: "kind", Title: app.tr("KIND", "类型"), Word: app.words(account.DocumentTerms)},
				{Key: "file", Title: app.tr("FILE", "文件"), Kind: render.ID},
				{Key: "size", Title: app.tr("BYTES", "字节数")},
				{Key: "width", Title: app.tr("WIDTH", "宽")},
				{Key: "height", Title: app.tr("HEIGHT", "高")},
				{Key: "sha256", Title: "SHA-256", Kind: render.ID},
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (writtenDocument, error) {
				id, err := s.FindApplication(ctx, args[0], unitCode)
				if err != nil {
					return writtenDocument{}, err
				}
				return writeDocument(ctx, s, id, args[1], out)
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", app.tr("file to write; it must not exist", "要写入的文件，须不存在"))
	selectorFlags(app, cmd, &unitCode)
	takesFile(cmd, "out", "jpg", "jpeg")
	return cmd
}

// writtenDocument is a document and where it was written.
type writtenDocument struct {
	account.Document
	File string `json:"file"`
}

// writeDocument makes the file before the document is read, so that nobody's look is recorded for a file that cannot be written.
func writeDocument(ctx context.Context, s *service.Service, id account.ApplicationID, wanted, out string) (written writtenDocument, err error) {
	err = writeNew(out, func(file *os.File) error {
		d, data, err := s.ReadDocument(ctx, id, wanted)
		if err != nil {
			return err
		}
		written = writtenDocument{Document: d, File: out}
		_, err = file.Write(data)
		return err
	})
	return written, err
}
