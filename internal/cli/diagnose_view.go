package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
)

// diagnosisReport is a diagnosis as people read it: each cause a part of its own, then the records, those parts alone that have something.
func (app *App) diagnosisReport(d account.Diagnosis) render.Report[account.Diagnosis, account.Cause] {
	return render.Report[account.Diagnosis, account.Cause]{Value: d, Sections: app.diagnosisSections,
		Rows: func(d account.Diagnosis) []account.Cause { return d.Causes }, Columns: app.causeRows()}
}

func (app *App) diagnosisSections(d account.Diagnosis) []render.Section {
	sections := []render.Section{{Key: "symptoms", Title: app.tr("FOUND", "结果"), View: app.diagnosisSummary(d)}}
	for i, c := range d.Causes {
		sections = append(sections, render.Section{Key: fmt.Sprintf("causes.%d", i), Title: fmt.Sprintf("%d. %s", i+1, c.Code),
			View: render.Object[account.Cause]{Value: c, ID: render.Unnamed[account.Cause], Columns: app.causeColumns()}})
	}
	add := func(key, title string, count int, view render.View) {
		if count > 0 || d.At.IsZero() { // without data: whatever may come
			sections = append(sections, render.Section{Key: key, Title: title, View: view})
		}
	}
	add("organizations", app.tr("ORGANIZATIONS", "单位"), len(d.Organizations), render.List[account.OrganizationState]{Items: d.Organizations, ID: render.Unnamed[account.OrganizationState],
		Columns: []render.Column[account.OrganizationState]{
			{Key: "unit_code", Title: app.tr("UNIT CODE", "单位编号"), Kind: render.ID},
			{Key: "name", Title: app.tr("NAME", "名称")},
			{Key: "register_status", Title: app.tr("REGISTER", "登记状态"), Word: app.words(account.RegisterTerms)},
			{Key: "reviewers", Title: app.tr("REVIEWERS", "审核人"), Align: render.AlignRight},
			{Key: "waiting", Title: app.tr("WAITING", "待审核"), Align: render.AlignRight},
		}})
	applications := app.applicationList()
	applications.Items = d.Applications
	add("applications", app.tr("APPLICATIONS", "注册申请"), len(d.Applications), applications)
	add("accounts", app.tr("ACCOUNTS", "账号"), len(d.Accounts), render.List[account.Account]{Items: d.Accounts, Columns: []render.Column[account.Account]{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.AccountTerms)},
		{Key: "role", Title: app.tr("ROLE", "角色"), Word: app.words(account.RoleTerms)},
		{Key: "username", Title: app.tr("USER NAME", "用户名")},
		{Key: "agent.name", Title: app.tr("AGENT", "经办人")},
	}})
	add("verifications", app.tr("FACE CHECKS", "人脸认证"), len(d.Verifications), render.List[account.Verification]{Items: d.Verifications, Columns: []render.Column[account.Verification]{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.CheckTerms)},
		{Key: "purpose", Title: app.tr("PURPOSE", "用途"), Word: app.words(account.PurposeTerms)},
		{Key: "created_at", Title: app.tr("BEGUN", "发起时间"), Kind: render.Time},
	}})
	add("messages", app.tr("MESSAGES", "短信"), len(d.Messages), render.List[account.SMS]{Items: d.Messages, Columns: []render.Column[account.SMS]{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "kind", Title: app.tr("KIND", "类型"), Word: app.words(account.SMSKindTerms)},
		{Key: "to", Title: app.tr("TO", "接收号码"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.SMSTerms)},
		{Key: "created_at", Title: app.tr("CREATED", "创建时间"), Kind: render.Time, Wide: true},
	}})
	add("sessions", app.tr("SESSIONS", "会话"), len(d.Sessions), render.List[account.Session]{Items: d.Sessions, Columns: []render.Column[account.Session]{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.SessionTerms)},
		{Key: "kind", Title: app.tr("SIGNED IN BY", "登录方式"), Word: app.words(account.SessionKindTerms)},
		{Key: "last_seen_at", Title: app.tr("LAST SEEN", "最近使用"), Kind: render.Time},
	}})
	add("recoveries", app.tr("RECOVERIES", "找回操作"), len(d.Recoveries), render.List[account.Recovery]{Items: d.Recoveries, Columns: []render.Column[account.Recovery]{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.RecoveryTerms)},
		{Key: "created_at", Title: app.tr("BEGUN", "发起时间"), Kind: render.Time},
	}})
	add("rejections", app.tr("REJECTIONS", "拒绝记录"), len(d.Rejections), render.List[account.Rejection]{Items: d.Rejections, ID: render.Unnamed[account.Rejection],
		Columns: []render.Column[account.Rejection]{
			{Key: "day", Title: app.tr("DAY", "日期"), Kind: render.ID},
			{Key: "slot", Title: app.tr("TODAY'S", "当天第几次"), Align: render.AlignRight},
			{Key: "application", Title: app.tr("APPLICATION", "注册申请"), Kind: render.ID},
			{Key: "at", Title: app.tr("AT", "时间"), Kind: render.Time},
		}})
	add("refusals", app.tr("REFUSED LATELY", "近期被拒绝的操作"), len(d.Refusals), render.List[account.Refusal]{Items: d.Refusals, ID: render.Unnamed[account.Refusal],
		Columns: []render.Column[account.Refusal]{
			{Key: "at", Title: app.tr("AT", "时间"), Kind: render.Time},
			{Key: "code", Title: app.tr("CODE", "代码"), Kind: render.ID},
			{Key: "operator", Title: app.tr("OPERATOR", "操作员")},
			{Key: "subject.id", Title: app.tr("SUBJECT", "对象"), Kind: render.ID, Wide: true},
			{Key: "ticket", Title: app.tr("TICKET", "工单"), Wide: true},
		}})
	return sections
}

// diagnosisSummary says in a line or two what the rest tells in full.
func (app *App) diagnosisSummary(d account.Diagnosis) render.Object[account.Diagnosis] {
	blocking := 0
	for _, c := range d.Causes {
		if c.Blocking {
			blocking++
		}
	}
	return render.Object[account.Diagnosis]{Value: d, ID: render.Unnamed[account.Diagnosis], Columns: []render.Column[account.Diagnosis]{
		{Key: "causes", Title: app.tr("IN THE WAY", "阻碍"), Value: func(d account.Diagnosis) string {
			if len(d.Causes) == 0 {
				return app.tr("nothing", "无")
			}
			return fmt.Sprintf(app.tr("%d, and %d more to know", "%d 项，另有 %d 项情况"), blocking, len(d.Causes)-blocking)
		}},
		{Key: "symptoms", Title: app.tr("THE MESSAGE MEANS", "提示的含义"), Kind: render.Prose, Lines: func(d account.Diagnosis) []string {
			var lines []string
			found := slices.ContainsFunc(d.Causes, func(c account.Cause) bool { return c.Symptom })
			for _, name := range d.Symptoms {
				lines = append(lines, fmt.Sprintf(app.tr("%[1]s: `farenctl explain %[1]s`", "%[1]s：`farenctl explain %[1]s`"), name))
			}
			if len(lines) > 0 && !found {
				lines = append(lines, app.tr("nothing that is there now causes it", "现有记录中没有造成此提示的原因"))
			}
			return lines
		}},
		{Key: "at", Title: app.tr("AT", "时间"), Kind: render.Time},
	}}
}

func (app *App) causeColumns() []render.Column[account.Cause] {
	type col = render.Column[account.Cause]
	return []col{
		{Key: "when", Title: app.tr("WHEN", "环节"), Word: app.words(account.WhenTerms)},
		{Key: "sees", Title: app.tr("SEES", "提示"), Kind: render.Prose, Lines: func(c account.Cause) []string {
			if app.lang == account.English {
				return []string{c.Sees.English, c.Sees.Chinese} // what stands on the applicant's screen
			}
			return []string{c.Sees.Chinese}
		}},
		{Key: "why", Title: app.tr("WHY", "原因"), Kind: render.Prose, Value: func(c account.Cause) string { return c.Why.In(app.lang) }},
		{Key: "subject.id", Title: app.tr("CONCERNS", "涉及"), Kind: render.ID},
		{Key: "until", Title: app.tr("UNTIL", "解除时间"), Kind: render.Time},
		{Key: "remedies", Title: app.tr("RUN", "处理"), Kind: render.Prose, Lines: func(c account.Cause) []string {
			return app.remedyLines(c.Remedies)
		}},
	}
}

func (app *App) remedyLines(remedies []account.Remedy) []string {
	var lines []string
	for _, r := range remedies {
		lines = append(lines, r.Command, "  "+app.remedyWho(r))
	}
	return lines
}

// remedyWho tells why a command, and who may run it.
func (app *App) remedyWho(r account.Remedy) string {
	who := r.Role
	if r.Session != "" {
		who += app.tr(", in a session of: ", "，会话：") + account.Term(app.lang, account.SessionOfTerms, r.Session)
	}
	return r.Why.In(app.lang) + app.tr(" (", "（") + who + app.tr(")", "）")
}

// causeRows are the columns of one cause a record, for spreadsheets.
func (app *App) causeRows() []render.Column[account.Cause] {
	type col = render.Column[account.Cause]
	return []col{
		{Key: "code"}, {Key: "when"}, {Key: "blocking"}, {Key: "symptom"}, {Key: "subject.id"}, {Key: "holder.kind"}, {Key: "holder.id"}, {Key: "since"}, {Key: "until"},
		{Key: "command", Value: func(c account.Cause) string {
			commands := make([]string, len(c.Remedies))
			for i, r := range c.Remedies {
				commands[i] = r.Command
			}
			return strings.Join(commands, "; ")
		}},
	}
}
