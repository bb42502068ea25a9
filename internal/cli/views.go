package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
)

func (app *App) applicationObject() render.Object[account.Application] {
	type col = render.Column[account.Application]
	return render.Object[account.Application]{Columns: []col{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.ApplicationTerms)},
		{Key: "channel", Title: app.tr("CHANNEL", "渠道"), Word: app.words(account.ChannelTerms)},
		{Key: "organization.name", Title: app.tr("ORGANIZATION", "单位")},
		{Key: "organization.unit_code", Title: app.tr("UNIT CODE", "单位编号"), Kind: render.ID},
		{Key: "agent.name", Title: app.tr("AGENT", "经办人")},
		{Key: "agent.document_number", Title: app.tr("DOCUMENT", "证件号码")},
		{Key: "agent.phone", Title: app.tr("MOBILE", "手机号")},
		{Key: "agent.email", Title: app.tr("E-MAIL", "邮箱"), Wide: true},
		{Key: "username", Title: app.tr("USER NAME", "用户名")},
		{Key: "role", Title: app.tr("ROLE", "角色"), Word: app.words(account.RoleTerms)},
		{Key: "account_id", Title: app.tr("ACCOUNT", "账号"), Kind: render.ID},
		{Key: "review.kind", Title: app.tr("REVIEW", "审核"), Word: app.words(account.ReviewTerms), Wide: true},
		{Key: "review.due_at", Title: app.tr("DUE", "比对期限"), Kind: render.Time},
		{Key: "review.decided_at", Title: app.tr("DECIDED", "审核时间"), Kind: render.Time},
		{Key: "review.reason", Title: app.tr("REASON", "审核意见")},
		{Key: "documents", Title: app.tr("DOCUMENTS", "文件"), Lines: app.documentLines},
		{Key: "verification", Title: app.tr("FACE CHECK", "人脸认证"), Kind: render.ID},
		{Key: "created_at", Title: app.tr("CREATED", "创建时间"), Kind: render.Time, Wide: true},
		{Key: "expires_at", Title: app.tr("EXPIRES", "失效时间"), Kind: render.Time},
		{Key: "next", Title: app.tr("NEXT", "下一步"), Lines: func(a account.Application) []string { return app.steps(a.Next) }},
	}}
}

func (app *App) documentLines(a account.Application) []string {
	lines := make([]string, len(a.Documents))
	for i, d := range a.Documents {
		lines[i] = fmt.Sprintf("%s  %s  %d×%d  %d kB", d.ID, account.Term(app.lang, account.DocumentTerms, d.Kind), d.Width, d.Height, (d.Size+1023)/1024)
	}
	return lines
}

// inList is the columns of a list, for lines of 80 columns: those that are named show in the wide format only, where the one record of an
// object has room for all.
func inList[T any](columns []render.Column[T], wide ...string) []render.Column[T] {
	for i := range columns {
		columns[i].Wide = columns[i].Wide || slices.Contains(wide, columns[i].Key)
	}
	return columns
}

// comparisonList shows what staff compare by its deadline.
func (app *App) comparisonList() render.List[account.Application] {
	type col = render.Column[account.Application]
	return render.List[account.Application]{Columns: []col{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "review.due_at", Title: app.tr("DUE", "比对期限"), Kind: render.Time},
		{Key: "agent.name", Title: app.tr("AGENT", "经办人")},
		{Key: "organization.name", Title: app.tr("ORGANIZATION", "单位")},
		{Key: "channel", Title: app.tr("CHANNEL", "渠道"), Word: app.words(account.ChannelTerms), Wide: true},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.ApplicationTerms), Wide: true},
		{Key: "username", Title: app.tr("USER NAME", "用户名"), Wide: true},
		{Key: "organization.unit_code", Title: app.tr("UNIT CODE", "单位编号"), Kind: render.ID, Wide: true},
		{Key: "agent.phone", Title: app.tr("MOBILE", "手机号"), Wide: true},
		{Key: "created_at", Title: app.tr("CREATED", "创建时间"), Kind: render.Time, Wide: true},
	}}
}

func (app *App) steps(next []account.Step) []string {
	lines := make([]string, len(next))
	for i, s := range next {
		lines[i] = s.Command + app.tr("  ("+s.Why+")", "（"+s.Why+"）")
	}
	return lines
}

func (app *App) applicationList() render.List[account.Application] {
	type col = render.Column[account.Application]
	return render.List[account.Application]{Columns: []col{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.ApplicationTerms)},
		{Key: "agent.name", Title: app.tr("AGENT", "经办人")},
		{Key: "organization.name", Title: app.tr("ORGANIZATION", "单位")},
		{Key: "username", Title: app.tr("USER NAME", "用户名"), Wide: true},
		{Key: "organization.unit_code", Title: app.tr("UNIT CODE", "单位编号"), Kind: render.ID, Wide: true},
		{Key: "agent.phone", Title: app.tr("MOBILE", "手机号"), Wide: true},
		{Key: "channel", Title: app.tr("CHANNEL", "渠道"), Word: app.words(account.ChannelTerms), Wide: true},
		{Key: "role", Title: app.tr("ROLE", "角色"), Word: app.words(account.RoleTerms), Wide: true},
		{Key: "created_at", Title: app.tr("CREATED", "创建时间"), Kind: render.Time, Wide: true},
		{Key: "expires_at", Title: app.tr("EXPIRES", "失效时间"), Kind: render.Time, Wide: true},
	}}
}

func (app *App) verificationObject() render.Object[account.Verification] {
	type col = render.Column[account.Verification]
	return render.Object[account.Verification]{Columns: []col{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.CheckTerms)},
		{Key: "failure", Title: app.tr("FAILURE", "失败原因"), Word: app.words(account.FailureTerms)},
		{Key: "purpose", Title: app.tr("PURPOSE", "用途"), Word: app.words(account.PurposeTerms)},
		{Key: "subject", Title: app.tr("FOR", "对象"), Kind: render.ID},
		{Key: "provider", Title: app.tr("PROVIDER", "认证方式"), Word: app.words(account.ProviderTerms)},
		{Key: "qr_uri", Title: app.tr("QR CODE", "二维码内容"), Kind: render.ID},
		{Key: "user_code", Title: app.tr("CODE", "代码"), Kind: render.ID},
		{Key: "completed_at", Title: app.tr("COMPLETED", "完成时间"), Kind: render.Time},
		{Key: "expires_at", Title: app.tr("EXPIRES", "失效时间"), Kind: render.Time},
	}}
}

func (app *App) outcomeObject() render.Object[account.VerificationOutcome] {
	type col = render.Column[account.VerificationOutcome]
	return render.Object[account.VerificationOutcome]{Columns: []col{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.CheckTerms)},
		{Key: "purpose", Title: app.tr("PURPOSE", "用途"), Word: app.words(account.PurposeTerms)},
		{Key: "application.id", Title: app.tr("APPLICATION", "注册申请"), Kind: render.ID},
		{Key: "application.status", Title: app.tr("APPLICATION STATUS", "申请状态"), Word: app.words(account.ApplicationTerms)},
		{Key: "application.next", Title: app.tr("NEXT", "下一步"), Lines: func(o account.VerificationOutcome) []string {
			if o.Status == account.ManualReview {
				return app.steps([]account.Step{{Command: "farenctl verify face resolve " + o.ID.String() + " --outcome passed --reason TEXT", Why: app.tr("staff settle it", "由工作人员认定")}})
			}
			if o.Purpose == account.PurposeRecover && o.Status == account.Passed {
				return app.steps([]account.Step{{Command: "farenctl recover verify " + o.Subject + " --verification " + o.ID.String(), Why: app.tr("prove the recovery", "完成找回验证")}})
			}
			if o.Purpose == account.PurposeAgent && o.Status == account.Passed {
				return app.steps([]account.Step{{Command: "farenctl agent show " + o.Subject, Why: app.tr("the account is active", "账号已生效")}})
			}
			if o.Application == nil {
				return nil
			}
			if o.Purpose == account.PurposeReview {
				return app.steps([]account.Step{{Command: "farenctl review approve " + o.Application.ID.String(), Why: app.tr("approve", "同意")}})
			}
			return app.steps(o.Application.Next)
		}},
	}}
}

func (app *App) sessionColumns() []render.Column[account.Session] {
	return []render.Column[account.Session]{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.SessionTerms)},
		{Key: "kind", Title: app.tr("SIGNED IN BY", "登录方式"), Word: app.words(account.SessionKindTerms)},
		{Key: "username", Title: app.tr("USER NAME", "用户名")},
		{Key: "agent_name", Title: app.tr("NAME", "姓名")},
		{Key: "role", Title: app.tr("ROLE", "角色"), Word: app.words(account.RoleTerms)},
		{Key: "application.status", Title: app.tr("APPLICATION", "申请状态"), Word: app.words(account.ApplicationTerms), Wide: true},
		{Key: "organization.name", Title: app.tr("ORGANIZATION", "单位")},
		{Key: "organization.unit_code", Title: app.tr("UNIT CODE", "单位编号"), Kind: render.ID, Wide: true},
		{Key: "account_id", Title: app.tr("ACCOUNT", "账号"), Kind: render.ID, Wide: true},
		{Key: "created_at", Title: app.tr("SINCE", "登录时间"), Kind: render.Time, Wide: true},
		{Key: "last_seen_at", Title: app.tr("LAST SEEN", "最近使用"), Kind: render.Time, Wide: true},
		{Key: "expires_at", Title: app.tr("EXPIRES", "失效时间"), Kind: render.Time},
	}
}

// smsColumns are those of a message, alone or in a list.
func smsColumns[T any](app *App) []render.Column[T] {
	return []render.Column[T]{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "kind", Title: app.tr("KIND", "类型"), Word: app.words(account.SMSKindTerms)},
		{Key: "to", Title: app.tr("TO", "接收号码"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.SMSTerms)},
		{Key: "created_at", Title: app.tr("CREATED", "创建时间"), Kind: render.Time, Wide: true},
		{Key: "attempts", Title: app.tr("ATTEMPTS", "发送次数"), Wide: true, Align: render.AlignRight},
		{Key: "last_code", Title: app.tr("LAST CODE", "最近结果"), Word: app.words(account.SMSFailureTerms), Wide: true},
		{Key: "next_attempt_at", Title: app.tr("NEXT TRY", "下次发送"), Kind: render.Time, Wide: true},
		{Key: "sent_at", Title: app.tr("SENT", "发送时间"), Kind: render.Time, Wide: true},
		{Key: "segments", Title: app.tr("SEGMENTS", "条数"), Wide: true, Align: render.AlignRight},
		{Key: "application", Title: app.tr("APPLICATION", "注册申请"), Kind: render.ID, Wide: true},
		{Key: "text", Title: app.tr("TEXT", "内容")},
	}
}

// smsObject is one message, of which everything is of interest: a ticket asks why it did not arrive.
func (app *App) smsObject() render.Object[account.SMSState] {
	type col = render.Column[account.SMSState]
	columns := append(smsColumns[account.SMSState](app),
		col{Key: "reference", Title: app.tr("GATEWAY'S NAME", "网关编号"), Kind: render.ID},
		col{Key: "claimed_by", Title: app.tr("TAKEN BY", "领取账号"), Kind: render.ID},
		col{Key: "claimed_until", Title: app.tr("TAKEN UNTIL", "领取时限"), Kind: render.Time},
		col{Key: "code.purpose", Title: app.tr("CODE FOR", "验证码用途"), Word: app.words(account.PurposeTerms)},
		col{Key: "code.status", Title: app.tr("CODE", "验证码状态"), Word: app.words(account.SMSCodeTerms)},
		col{Key: "code.tries_left", Title: app.tr("TRIES LEFT", "剩余次数"), Align: render.AlignRight},
		col{Key: "code.expires_at", Title: app.tr("CODE EXPIRES", "验证码有效期"), Kind: render.Time},
		col{Key: "why", Title: app.tr("WHY", "说明")},
		col{Key: "next", Title: app.tr("NEXT", "下一步"), Lines: func(m account.SMSState) []string { return app.steps(m.Next) }})
	for i := range columns {
		columns[i].Wide = false
	}
	return render.Object[account.SMSState]{Columns: columns}
}

func (app *App) entryObject() render.Object[account.RegisterEntry] {
	type col = render.Column[account.RegisterEntry]
	return render.Object[account.RegisterEntry]{
		ID: func(e account.RegisterEntry) string { return e.UnitCode },
		Columns: []col{
			{Key: "unit_code", Title: app.tr("UNIT CODE", "单位编号"), Kind: render.ID},
			{Key: "name", Title: app.tr("NAME", "名称")},
			{Key: "status", Title: app.tr("STATUS", "登记状态"), Word: app.words(account.RegisterTerms)},
			{Key: "legal_representative.name", Title: app.tr("LEGAL REPRESENTATIVE", "法定代表人")},
			{Key: "legal_representative.document_type", Title: app.tr("DOCUMENT TYPE", "证件类型"), Word: app.words(account.DocumentTypeTerms)},
			{Key: "legal_representative.document_number", Title: app.tr("DOCUMENT", "证件号码")},
			{Key: "registration_number", Title: app.tr("REGISTRATION NUMBER", "注册号")},
			{Key: "organization_code", Title: app.tr("ORGANIZATION CODE", "组织机构代码")},
			{Key: "updated_at", Title: app.tr("UPDATED", "更新时间"), Kind: render.Time},
		}}
}

// list joins closed lists for help texts.
func list(values []string) string { return strings.Join(values, " | ") }
