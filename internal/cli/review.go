package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
)

func newReviewCmd(app *App) *cobra.Command {
	return group(app, "review", app.tr("Decide applications", "审核注册申请"),
		newReviewListCmd(app), newReviewShowCmd(app), newReviewDocumentCmd(app), newReviewApproveCmd(app), newReviewRejectCmd(app),
		newReviewStatsCmd(app))
}

// pendingStatuses are those of applications that somebody has to decide.
func pendingStatuses() []string { return []string{account.PendingReview, account.PendingComparison} }

// reviewChannels are the places where a reviewer acts (guide 二.2).
func reviewChannels() []string { return []string{"portal", "app"} }
