package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
)

// The pages of the guide, whose fields are checked as they are typed, by the rules of the forms that the steps go by.

// page begins a page. One that comes again keeps its number.
func (w *registerWalk) page(title string) {
	i := slices.Index(w.pages, title)
	if i < 0 {
		i = len(w.pages)
		w.pages = append(w.pages, title)
	}
	w.app.note(fmt.Sprintf("\n%d. %s", i+1, title))
}

func (w *registerWalk) fillAll(ctx context.Context, check func() []*account.Fault, questions ...question) error {
	for _, q := range questions {
		if err := w.fill(ctx, q, func() error { return faultsOf(check(), q.field) }); err != nil {
			return err
		}
	}
	return nil
}

// organizationPage is 信息认证 (guide 一.1, 一.2). An entity of the type 其他非法人单位 has no licence: it is sent the project's way.
func (w *registerWalk) organizationPage(ctx context.Context) error {
	tr, f := w.app.tr, &w.r.OrganizationForm
	w.page(tr("The organization", "信息认证"))
	if f.Channel == account.Zhejiang && f.EntityType == "" {
		var types []choice
		for _, t := range identifier.EntityTypes() {
			types = append(types, choice{t.Name, tr("", t.Chinese)})
		}
		chosen, err := w.choose(ctx, tr("entity type", "法人类型"), types)
		if err != nil {
			return err
		}
		if f.EntityType = chosen; chosen == "other-unincorporated" {
			w.app.note(account.NewFault("USE_PROJECT_CHANNEL").Message(w.app.lang, w.app.location()))
			f.Channel, f.EntityType, w.pages = account.Project, "", nil
			return nil
		}
	}
	check := func() []*account.Fault {
		form := *f
		form.AcceptTerms = true // comes last
		_, _, faults := form.Check(time.Now())
		return faults
	}
	types := account.DocumentTypeNames()
	if f.Channel == account.OtherProvince {
		types = []string{account.DefaultDocumentType}
	}
	for {
		err := w.fillAll(ctx, check,
			question{field: "organization_name", label: tr("name as on the licence", "企业名称"), value: &f.OrganizationName},
			question{field: "unit_code", label: tr("unified social credit code", "统一社会信用代码"), value: &f.UnitCode},
			question{field: "legal_representative.name", label: tr("legal representative's name", "法定代表人"), value: &f.Representative.Name},
			question{field: "legal_representative.document_type", label: tr("document type", "法定代表人证件类型"), value: &f.Representative.DocumentType,
				words: types, usual: account.DefaultDocumentType},
			question{field: "legal_representative.document_number", label: tr("document number", "法定代表人证件号码"), value: &f.Representative.DocumentNumber})
		if err != nil {
			return err
		}
		// What only the whole page shows: a code of another province.
		wrong := account.JoinFaults(check())
		if wrong == nil {
			return w.terms(ctx)
		}
		w.tell(wrong)
		if other := w.app.fault(wrong).Details["use"]; account.HasCode(wrong, "REGION_MISMATCH") && other != nil {
			change, err := w.confirm(ctx, fmt.Sprintf(tr("register in channel %s instead", "改用渠道 %s 注册"), other))
			if err != nil {
				return err
			}
			if change {
				f.Channel, f.EntityType = account.Channel(fmt.Sprint(other)), ""
				return w.organizationPage(ctx)
			}
		}
	}
}

// terms asks for the acceptance of the terms, once.
func (w *registerWalk) terms(ctx context.Context) (err error) {
	if !w.r.AcceptTerms {
		w.r.AcceptTerms, err = w.confirm(ctx, w.app.tr("do you accept the portal's terms", "是否已阅读并同意《浙江政务服务网用户注册协议》"))
	}
	if err == nil && !w.r.AcceptTerms {
		err = account.NewFault("TERMS_NOT_ACCEPTED")
	}
	return err
}

// agentQuestions are the agent's fields that every channel has. The type comes before its number.
func (w *registerWalk) agentQuestions() []question {
	tr, agent := w.app.tr, &w.r.Agent
	return []question{
		{field: "agent.name", label: tr("agent's name", "经办人姓名"), value: &agent.Name},
		{field: "agent.document_type", label: tr("document type", "经办人证件类型"), value: &agent.DocumentType, words: account.DocumentTypeNames(), usual: account.DefaultDocumentType},
		{field: "agent.document_number", label: tr("document number", "经办人证件号码"), value: &agent.DocumentNumber},
	}
}

func (w *registerWalk) phoneQuestion() question {
	return question{field: "agent.phone", label: w.app.tr("mobile", "手机号"), value: &w.r.Agent.Phone}
}

// userPage is 创建用户 (guide 一.1).
func (w *registerWalk) userPage(ctx context.Context) error {
	w.page(w.app.tr("The user", "创建用户"))
	check := func() []*account.Fault {
		_, _, faults := w.r.UserForm.Check(time.Now(), false)
		return faults
	}
	for {
		if err := w.credentials(ctx); err != nil {
			return err
		}
		questions := append(w.agentQuestions(),
			question{field: "agent.landline", label: w.app.tr("landline", "固定电话"), value: &w.r.Agent.Landline, optional: true}, w.phoneQuestion())
		if err := w.fillAll(ctx, check, questions...); err != nil {
			return err
		}
		// What only the whole page shows: a mobile as user name that is not the agent's.
		wrong := account.JoinFaults(check())
		if wrong == nil {
			return nil
		}
		w.tell(wrong)
	}
}

// credentials asks for user name and password. Whose a mobile is that serves as user name shows later.
func (w *registerWalk) credentials(ctx context.Context) error {
	check := func() []*account.Fault {
		_, faults := w.r.Credentials().Check(time.Now(), "")
		return faults
	}
	err := w.fill(ctx, question{field: "username", label: w.app.tr("user name", "用户名"), value: &w.r.Username}, func() error { return faultsOf(check(), "username") })
	for err == nil {
		label := w.app.tr("password", "密码")
		if w.r.Password != "" {
			label += w.app.tr(" [Enter: as before]", "[回车：不变]")
		}
		var typed string
		typed, err = w.password(ctx, label, func(typed string) error {
			_, faults := account.CredentialForm{Username: w.r.Username, Password: typed}.Check(time.Now(), "")
			return faultsOf(faults, "password")
		})
		if typed != "" {
			w.r.Password = typed
		}
		// One that is kept may hold a user name that is new.
		if err == nil && w.r.Password != "" {
			wrong := faultsOf(check(), "password")
			if wrong == nil {
				return nil
			}
			w.tellHere(wrong)
		}
	}
	return err
}

// manualPage is the first page of a channel that staff compare: 信息确认 (guide 一.3), 经办人信息比对 (guide 一.4).
func (w *registerWalk) manualPage(ctx context.Context) error {
	tr := w.app.tr
	check := func() []*account.Fault {
		form := w.r.Manual()
		form.AcceptTerms = true
		_, faults := form.Check(time.Now(), false)
		return faults
	}
	var questions []question
	if w.r.Channel == account.Overseas {
		w.page(tr("The unit and its agent", "信息确认"))
		questions = append(questions, question{field: "organization_name", label: tr("unit's name, Chinese with the English one in brackets", "单位名称（中英文对照），如 中文名称（English Name）"), value: &w.r.OrganizationName})
	} else {
		w.page(tr("The agent", "经办人信息比对"))
	}
	questions = append(questions, w.agentQuestions()...)
	if w.r.Channel == account.Project {
		questions = append(questions, question{field: "agent.ethnic_group", label: tr("ethnic group, name or code", "经办人民族（名称或代码）"), value: &w.r.Agent.EthnicGroup})
	}
	questions = append(questions, w.phoneQuestion())
	if w.r.Channel == account.Overseas {
		questions = append(questions, question{field: "agent.email", label: tr("e-mail address", "经办人电子邮箱"), value: &w.r.Agent.Email})
	}
	if err := w.fillAll(ctx, check, questions...); err != nil {
		return err
	}
	if w.r.Channel == account.Overseas {
		for _, d := range []question{
			{label: tr("file with the scan of the unit's opening certificate or licence, JPEG", "单位开业证书信息页扫描件（JPEG 文件）"), value: &w.r.Documents.Licence},
			{label: tr("file with the scan of the agent's document, JPEG", "经办人证件信息页扫描件（JPEG 文件）"), value: &w.r.Documents.AgentDocument},
		} {
			if err := w.document(ctx, d); err != nil {
				return err
			}
		}
	}
	return w.terms(ctx)
}

// document asks for a scan until it is one that the step takes.
func (w *registerWalk) document(ctx context.Context, q question) error {
	// Which kind it is makes no difference to what is taken.
	return w.fill(ctx, q, func() error { return w.s.CheckDocuments(account.DocumentFiles{Proof: *q.value}, w.app.openDocument) })
}

// unitPage is 法人单位信息比对 (guide 一.4).
func (w *registerWalk) unitPage(ctx context.Context) error {
	tr := w.app.tr
	w.page(tr("The unit", "法人单位信息比对"))
	has, err := w.confirm(ctx, tr("can it present a certificate with a unified social credit code", "能否提供含有统一社会信用代码的法人单位证件"))
	if err != nil {
		return err
	}
	if w.r.HasUSCCDocument == nil || *w.r.HasUSCCDocument != has {
		w.r.HasUSCCDocument, w.r.UnitCode = &has, ""
	}
	w.r.ConfirmCode = false
	var odd bool // a project code whose check character does not fit
	check := func() []*account.Fault {
		form := w.r.Unit()
		_, _, _, unconfirmed := form.Check(time.Now())
		form.ConfirmCode = true
		_, _, _, faults := form.Check(time.Now())
		odd = len(unconfirmed) > len(faults)
		return faults
	}
	code := tr("project code (18 characters, the virtual social-insurance number)", "工程编码（18 位虚拟社保编号）")
	if has {
		code = tr("unified social credit code", "统一社会信用代码")
	}
	err = w.fillAll(ctx, check,
		question{field: "organization_name", label: tr("full name as in the contract or on the certificate", "单位名称（工程/项目全称）"), value: &w.r.OrganizationName},
		question{field: "unit_code", label: code, value: &w.r.UnitCode})
	if err != nil {
		return err
	}
	if odd {
		w.app.note("! " + account.NewFault("PROJECT_CODE_NOT_CONFIRMED").Message(w.app.lang, w.app.location()))
		if w.r.ConfirmCode, err = w.confirm(ctx, tr("is it right all the same", "请核对工程编码，确认无误")); err != nil {
			return err
		}
		if !w.r.ConfirmCode {
			return w.unitPage(ctx)
		}
	}
	return w.document(ctx, question{label: tr("file with the scan of the stamped proof, JPEG", "盖有业务单位章的证明文件扫描件（JPEG 文件）"), value: &w.r.Documents.Proof})
}

// credentialsPage is 创建用户 of a channel that staff compare.
func (w *registerWalk) credentialsPage(ctx context.Context) error {
	w.page(w.app.tr("User name and password", "创建用户"))
	return w.credentials(ctx)
}
