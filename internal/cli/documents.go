package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
)

// documentFlags are the flags of the scans that a step takes.
func documentFlags(app *App, cmd *cobra.Command, files *account.DocumentFiles, kinds ...string) {
	flags := cmd.Flags()
	for _, kind := range kinds {
		switch kind {
		case account.DocumentLicence:
			flags.StringVar(&files.Licence, "licence-file", "", app.tr("scan of the unit's opening certificate or licence, JPEG", "单位开业证书（或营业执照）信息页扫描件，JPEG"))
			takesFile(cmd, "licence-file", "jpg", "jpeg")
		case account.DocumentAgent:
			flags.StringVar(&files.AgentDocument, "agent-document-file", "", app.tr("scan of the agent's document, JPEG", "经办人证件信息页扫描件，JPEG"))
			takesFile(cmd, "agent-document-file", "jpg", "jpeg")
		case account.DocumentProof:
			flags.StringVar(&files.Proof, "proof-file", "", app.tr("scan of the proof with the business unit's stamp, JPEG", "盖有业务单位章的证明文件扫描件，JPEG"))
			takesFile(cmd, "proof-file", "jpg", "jpeg")
		}
	}
}
