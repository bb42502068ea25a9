package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newSMSLimitsCmd(app *App) *cobra.Command {
	var phone string
	cmd := &cobra.Command{
		Use:   "limits --phone P",
		Short: app.tr("Tell where a mobile stands with the limits of SMS codes", "查看手机号的短信验证码限制"),
		Long: app.tr(`Tell how many codes a mobile was sent within the last hour and day, and how many it may be (policies sms.code_hourly, sms.code_daily); when the
next may be sent; and how the newest code of each purpose fares, but never the code. It needs the role faren_registrar or faren_support.`,
			`查看手机号最近一小时和一天内的验证码条数及上限（规则参数 sms.code_hourly、sms.code_daily）、下次可发送的时间，以及各用途最新验证码的状态，
不显示验证码本身。需要 faren_registrar 或 faren_support 角色。`),
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "phone"); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.limitsObject(), func(ctx context.Context, s *service.Service) (account.NumberLimits, error) {
				return s.NumberLimits(ctx, phone)
			})
		},
	}
	cmd.Flags().StringVar(&phone, "phone", "", app.tr("the mobile", "手机号"))
	return cmd
}

func (app *App) limitsObject() render.Object[account.NumberLimits] {
	type col = render.Column[account.NumberLimits]
	return render.Object[account.NumberLimits]{ID: render.Unnamed[account.NumberLimits], Columns: []col{
		{Key: "phone", Title: app.tr("MOBILE", "手机号"), Kind: render.ID},
		{Key: "hour", Title: app.tr("LAST HOUR", "一小时内"), Align: render.AlignRight},
		{Key: "hour_limit", Title: app.tr("LIMIT AN HOUR", "每小时上限"), Align: render.AlignRight},
		{Key: "day", Title: app.tr("LAST DAY", "一天内"), Align: render.AlignRight},
		{Key: "day_limit", Title: app.tr("LIMIT A DAY", "每天上限"), Align: render.AlignRight},
		{Key: "next_at", Title: app.tr("NEXT CODE", "下次可发送"), Lines: func(l account.NumberLimits) []string {
			if l.NextAt == nil {
				return []string{app.tr("at once", "立即")}
			}
			return []string{l.NextAt.In(app.location()).Format(time.DateTime)}
		}},
		{Key: "codes", Title: app.tr("NEWEST CODES", "最新验证码"), Lines: func(l account.NumberLimits) []string {
			lines := make([]string, len(l.Codes))
			for i, k := range l.Codes {
				lines[i] = app.numberCode(k)
			}
			return lines
		}},
	}}
}

// numberCode is a line about a code.
func (app *App) numberCode(k account.NumberCode) string {
	line := ""
	if k.Purpose != nil {
		line = app.words(account.PurposeTerms)(*k.Purpose) + app.tr(": ", "：")
	}
	line += app.words(account.SMSCodeTerms)(k.Status)
	if k.Status == account.CodeLive {
		line += fmt.Sprintf(app.tr(", tries left: %d, until %s", "，剩余 %d 次，有效期至 %s"), k.TriesLeft, k.ExpiresAt.In(app.location()).Format(time.DateTime))
	}
	if k.Message != nil {
		line += app.tr("  (", "（") + k.Message.String() + app.tr(")", "）")
	}
	return line
}
