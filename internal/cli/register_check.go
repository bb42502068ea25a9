package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

type registerCheckOptions struct {
	file         string
	registration account.Registration
	password     secretFlags
}

func newRegisterCheckCmd(app *App) *cobra.Command {
	opts := &registerCheckOptions{password: secretFlags{optional: true}}
	cmd := &cobra.Command{
		Use:   "check {-f {FILE | -} | --channel C [flags]}",
		Short: app.tr("Evaluate every rule of a registration and write nothing", "检查一份注册的全部规则，不写入任何数据"),
		Long: app.tr(`Evaluate every rule of a registration, stopping at none, and write nothing: the form of each field, certification against the
business register, and what is already there. Each rule is one row: pass, fail, warning, or not-checked (its fields are missing or not
valid, or it is for the step alone: captchas, SMS codes, face checks; a password only where one is given). A rule that fails tells
which record is in the way, since when, until when, and the command that ends it, as farenctl diagnose does.

The status is 0 when no rule fails, 65 (CHECK_INVALID) when only forms do, else 6 (CHECK_REFUSED).`,
			`检查一份注册的全部规则（不在首项失败时停止），不写入任何数据：各项内容的格式、与登记信息的核对，以及与现有数据的冲突。
每项规则一行：pass（通过）、fail（未通过）、warning（提醒）、not-checked（所需信息缺失或无效，或仅在办理时检查：图形验证码、短信验证码、人脸认证；
密码仅在提供时检查）。未通过的规则会说明占用的记录、开始时间、何时解除及解除的命令，与 farenctl diagnose 一致。

没有未通过的规则时退出状态为 0；仅格式有误时为 65（CHECK_INVALID），否则为 6（CHECK_REFUSED）。`),
		Example: `  farenctl register check -f registration.yaml
  farenctl register check -f registration.yaml \
      --jq '.items[] | select(.result == "fail") | .code'`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			open := app.openDocument
			if opts.file != "" {
				if err := opts.alone(app, cmd); err != nil {
					return err
				}
				var err error
				if opts.registration, err = readRegistration(app, opts.file); err != nil {
					return err
				}
				open = beside(app, opts.file)
			} else if err := opts.flags(app, cmd); err != nil {
				return err
			}
			return printed(cmd.Context(), app, app.ruleReport(ruleResults{}), func(ctx context.Context, s *service.Service) (render.View, error) {
				rules, err := s.CheckRegistration(ctx, opts.registration, open)
				return app.ruleReport(ruleResults{Items: rules}), err
			})
		},
	}
	r := &opts.registration
	cmd.Flags().StringVarP(&opts.file, "file", "f", "", app.tr("document; - for standard input", "注册文件；- 为标准输入"))
	takesFile(cmd, "file", "yaml", "yml", "json")
	organizationFlags(app, cmd, &r.OrganizationForm, account.Channels())
	agentFlags(app, cmd, &r.Agent)
	flags := cmd.Flags()
	flags.StringVar(&r.Username, "username", "", app.tr("user name", "用户名"))
	opts.password.add(app, cmd, "password", app.tr("password", "密码"))
	flags.StringVar(&r.Agent.EthnicGroup, "ethnic-group", "", app.tr("agent's ethnic group, name or code of GB/T 3304 (project)", "经办人民族，名称或代码（project）"))
	completesFlag(app, cmd, "ethnic-group", ethnicGroups)
	flags.Var(yesNo{&r.HasUSCCDocument}, "has-uscc-document", app.tr("whether it can present a certificate with a USCC: true or false (project)", "能否提供含有统一社会信用代码的法人单位证件：true 或 false（project）"))
	choices(cmd, "has-uscc-document", "true", "false")
	flags.BoolVar(&r.ConfirmCode, "confirm-code", false, app.tr("take a project code whose check character does not fit", "确认校验位不符的工程编码无误"))
	documentFlags(app, cmd, &r.Documents, account.DocumentKinds()...)
	return cmd
}

// flags checks those that stand for a document, and reads a password where one is given: nobody is asked for it.
func (o *registerCheckOptions) flags(app *App, cmd *cobra.Command) error {
	err := required(app, cmd, "channel")
	if err == nil {
		err = oneOf("channel", string(o.registration.Channel), account.Channels())
	}
	if err == nil && o.password.given(cmd) {
		o.registration.Password, err = o.password.read(app, cmd, false)
	}
	return err
}

// alone refuses flags of fields beside a document: it would not be clear which counts.
func (o *registerCheckOptions) alone(app *App, cmd *cobra.Command) error {
	var err error
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Changed && f.Name != "file" && err == nil {
			err = account.NewFault("USAGE", "problem", app.tr("not together with --file: --", "不能与 --file 同时使用：--")+f.Name, "command", cmd.CommandPath())
		}
	})
	return err
}

// ruleResults are the rules, as a list of one page.
type ruleResults struct {
	Items         []account.RuleCheck `json:"items"`
	NextPageToken *string             `json:"next_page_token"`
}

// ruleReport lists the rules, and below tells of each that does not pass.
func (app *App) ruleReport(r ruleResults) render.Report[ruleResults, account.RuleCheck] {
	return render.Report[ruleResults, account.RuleCheck]{Value: r, Rows: func(r ruleResults) []account.RuleCheck { return r.Items }, Sections: func(r ruleResults) []render.Section {
		sections := []render.Section{{Key: "items", Title: app.tr("RULES", "规则"), View: render.List[account.RuleCheck]{Items: r.Items, ID: render.Unnamed[account.RuleCheck],
			Columns: []render.Column[account.RuleCheck]{
				{Key: "code", Title: app.tr("RULE", "规则"), Kind: render.ID},
				{Key: "result", Title: app.tr("RESULT", "结果"), Word: app.words(account.RuleTerms)},
				{Key: "field", Title: app.tr("FIELD", "字段"), Kind: render.ID},
			}}}}
		for i, rule := range r.Items {
			if rule.Result == account.RuleFail || rule.Result == account.RuleWarning {
				sections = append(sections, render.Section{Key: fmt.Sprintf("items.%d", i), Title: string(rule.Code),
					View: render.Object[account.RuleCheck]{Value: rule, ID: render.Unnamed[account.RuleCheck], Columns: []render.Column[account.RuleCheck]{
						{Key: "message", Title: app.tr("FOUND", "情况"), Kind: render.Prose, Value: func(r account.RuleCheck) string { return r.Message.In(app.lang) }},
						{Key: "why", Title: app.tr("WHY", "说明"), Kind: render.Prose, Value: func(r account.RuleCheck) string { return r.Why.In(app.lang) }},
						{Key: "until", Title: app.tr("UNTIL", "解除时间"), Kind: render.Time},
						{Key: "remedies", Title: app.tr("RUN", "处理"), Kind: render.Prose, Lines: func(r account.RuleCheck) []string { return app.remedyLines(r.Remedies) }},
					}}})
			}
		}
		return sections
	}}
}
