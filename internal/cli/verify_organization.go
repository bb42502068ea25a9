package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// certification is what `verify organization` answers.
type certification struct {
	UnitCode  string            `json:"unit_code"`
	Certified bool              `json:"certified"`
	Warnings  []account.Warning `json:"warnings"`
}

func newVerifyOrganizationCmd(app *App) *cobra.Command {
	form := &account.OrganizationForm{}
	cmd := &cobra.Command{
		Use:   "organization --channel {zhejiang | other-province} [flags]",
		Short: app.tr("Certify an organization; nothing is written", "仅做信息认证，不写入数据"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := organizationFlagsGiven(app, cmd, form, account.CertifiedChannels()); err != nil {
				return err
			}
			view := render.Object[certification]{ID: func(c certification) string { return c.UnitCode }, Columns: []render.Column[certification]{
				{Key: "unit_code", Title: app.tr("UNIT CODE", "单位编号"), Kind: render.ID},
				{Key: "certified", Title: app.tr("CERTIFIED", "认证通过"), Word: app.words(account.BooleanTerms)},
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (certification, error) {
				warnings, err := s.CheckOrganization(ctx, *form)
				if err == nil {
					app.warn(warnings)
				}
				return certification{UnitCode: form.UnitCode, Certified: err == nil, Warnings: warnings}, err
			})
		},
	}
	organizationFlags(app, cmd, form, account.CertifiedChannels())
	return cmd
}
