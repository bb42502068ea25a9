package account

import "slices"

// Situation is what people ask about that is no refusal: a state, a message of the portal, or a trouble of their own. Its name never has the
// form of a code.
type Situation struct {
	Name  string
	Title Text
	Explanation
}

// situations are sorted by name.
var situations = []Situation{
	{"agent-left", Text{"the agent has left the organization", "当时的经办人已离职"}, Explanation{
		Meaning:   Text{"The account stays; another person takes it over, or it is ended. The former agent's mobile is not needed.", "账号可变更给接任者，或予以注销，无需原经办人的手机。"},
		Causes:    []Text{{"the agent left, or another person does the work now", "经办人离职，或改由他人办理"}},
		Applicant: []Text{{"Ask the legal representative, or whoever keeps the organization's certificate, to change the agent's data.", "请由法定代表人账号，或法人数字证书（一般由法定代表人或财务、办公室人员保管）登录后变更经办人信息。"}},
		Support: []Text{
			{"The code: `farenctl verify sms --phone P --purpose agent-update`. Then, under the session of the legal representative, or of `farenctl login --certificate C --key K --operator-name N --operator-document-number D`: `farenctl agent update <account> --agent-name N --agent-document-number D --phone P --sms-code S`.", "先获取验证码：`farenctl verify sms --phone P --purpose agent-update`；再以法定代表人账号，或 `farenctl login --certificate C --key K --operator-name N --operator-document-number D` 登录后运行 `farenctl agent update <account> --agent-name N --agent-document-number D --phone P --sms-code S`。"},
			{"The successor passes `farenctl verify face start --purpose agent --for <account>` and sets a password by `farenctl recover start --by phone --phone P --unit-code C`.", "接任者完成 `farenctl verify face start --purpose agent --for <account>`，再通过 `farenctl recover start --by phone --phone P --unit-code C` 设置密码。"},
			{"To end the account: `farenctl agent deactivate <account>` (a reviewer's session). With nobody left, the role faren_reviewer changes or ends it with --ticket T.", "注销账号：审核人登录后 `farenctl agent deactivate <account>`。本单位已无人可操作的，由 faren_reviewer 角色加 --ticket T 办理。"},
		},
		Guide:   []string{"一.5"},
		Phrases: []string{"若手机号已更换或当时经办人已离职，则使用法人数字证书登录、法定代表人的法人账号登录变更经办人信息", "经办人已离职", "变更经办人信息", "经办人离职了怎么办", "the agent is gone"},
	}},
	{"approved", Text{"the review or comparison was passed", "审核通过、比对通过"}, Explanation{
		Meaning:   Text{"The account is active; user name and password of the registration are good.", "账号已可使用，以注册时设置的用户名和密码登录。"},
		Causes:    []Text{{"a reviewer approved the application, staff found the documents in order, or the legal representative registered in person", "审核人同意了申请，工作人员比对通过，或法定代表人本人注册"}},
		Applicant: []Text{{"Sign in on the portal with user name and password.", "打开浙江政务服务网，以法人用户登录即可。"}},
		Support:   []Text{{"`farenctl agent show <account>` shows the account; `farenctl login <username>` signs in (role faren_registrar).", "`farenctl agent show <account>` 查看账号；`farenctl login <username>` 登录（faren_registrar 角色）。"}},
		Guide:     []string{"五", "一.3"},
		Phrases:   []string{"审核通过", "比对通过", "若比对通过则直接登录即可", "您在……的经办人账号注册申请已审核通过，可使用注册时设置的账号和密码登录", "审核通过后，可使用设置的账号和密码进行登录"},
	}},
	{"awaiting-identity", Text{"the agent's face check is missing", "待人脸认证（实名认证）"}, Explanation{
		Meaning:   Text{"The registration is filled in; the agent has yet to scan the code with the Zheliban app, signed in as a person.", "注册信息已填写，尚待经办人以浙里办 APP 个人账号登录后扫码实名认证。"},
		Causes:    []Text{{"the code was not scanned, or it ran out after ten minutes", "尚未扫码，或二维码十分钟后已失效"}, {"an earlier check failed or was of another person", "先前的认证失败，或由他人完成"}},
		Applicant: []Text{{"The agent scans a new code in person, within thirty minutes (a day in the manual channels); after that it has expired.", "请经办人本人在三十分钟内（人工认证渠道为一天内）扫码，超时申请即过期。"}},
		Support:   []Text{{"`farenctl verify face start --for <application> --purpose register`, then `farenctl verify face wait <verification>` (role faren_registrar); one left to staff: `farenctl verify face resolve <verification> --outcome passed --reason TEXT` (role faren_reviewer).", "`farenctl verify face start --for <application> --purpose register`，再 `farenctl verify face wait <verification>`（faren_registrar 角色）；转人工的由 faren_reviewer 角色 `farenctl verify face resolve <verification> --outcome passed --reason TEXT` 认定。"}},
		Guide:     []string{"一.1", "一.2", "一.3", "一.4"},
		Phrases:   []string{"需经办人通过浙里办APP个人账号登录后，扫码进行实名认证", "待人脸认证", "待实名认证", "人脸认证失败", "人脸识别失败", "二维码已失效"},
	}},
	{"choosing-channel", Text{"which way of registering is the right one", "应选择哪种注册渠道"}, Explanation{
		Meaning: Text{"The place where the organization is registered decides, not where it works.", "按单位登记所在地选择，而非经营所在地。"},
		Causes: []Text{
			{"registered in Zhejiang: zhejiang; elsewhere on the mainland: other-province", "省内登记的选“浙江省内”（zhejiang）；省外登记的选“非浙江省”（other-province）"},
			{"Hong Kong, Macao, Taiwan, abroad: overseas, compared by staff", "港澳台及海外选“非中华人民共和国大陆地区”（overseas），由工作人员比对"},
			{"a temporary project without any licence: zhejiang, “other unincorporated”, which is project", "无任何证照的临时项目工程选“浙江省内”、“其他非法人单位”（project）"},
		},
		Applicant: []Text{{"Have at hand: the licence, and the legal representative's document number; overseas and projects the scans as JPEG.", "请准备证照和法定代表人证件号码；境外单位和项目工程还须准备 JPEG 格式的扫描件。"}},
		Support:   []Text{{"`farenctl register start --help` has the fields of each; `farenctl register` on a terminal leads through them (role faren_registrar).", "各渠道填写项见 `farenctl register start --help`；在终端运行 `farenctl register` 可逐页引导（faren_registrar 角色）。"}},
		Guide:     []string{"一.1", "一.2", "一.3", "一.4"},
		Phrases:   []string{"根据单位登记所在地，选择浙江省内、非浙江省、非中华人民共和国大陆地区", "港澳台海外其他国家选择非中华人民共和国大陆地区之后则进入人工认证渠道", "无任何证照的临时项目工程需要注册政务网法人账号选择浙江省内，法人类型选择其他非法人单位，进入人工认证渠道", "单位登记所在地怎么选", "如何注册法人账号"},
	}},
	{"finding-certificate", Text{"where the organization's digital certificate is", "法人数字证书在谁手上"}, Explanation{
		Meaning:   Text{"The organization's digital certificate signs the organization in without an account: to review, and to change agents.", "法人数字证书可代表单位登录，用于审核申请和变更经办人信息。"},
		Causes:    []Text{{"phone changed or agent gone, and the legal representative's account isn't at hand", "手机号已更换或经办人已离职，而法定代表人账号不便使用"}},
		Applicant: []Text{{"Ask the legal representative, finance or the office of the organization: one of them usually keeps it.", "法人数字证书一般在企业法定代表人或财务、办公室等关键岗位人员手上，请向本单位相关人员咨询。"}},
		Support:   []Text{{"`farenctl login --certificate C --key K --operator-name N --operator-document-number D`; a token begins with `farenctl verify certificate start --unit-code C --operator-name N --operator-document-number D --out F` (role faren_registrar).", "`farenctl login --certificate C --key K --operator-name N --operator-document-number D`；令牌先运行 `farenctl verify certificate start --unit-code C --operator-name N --operator-document-number D --out F`（faren_registrar 角色）。"}},
		Guide:     []string{"一.5", "二.1"},
		Phrases:   []string{"法人数字证书一般在企业法定代表人或财务、办公室等关键岗位人员手上，请向本单位相关人员咨询", "法人数字证书登录"},
	}},
	{"forgotten-password", Text{"the password is forgotten", "忘记密码"}, Explanation{
		Meaning:   Text{"The password is set anew after a proof by SMS code or face check; nobody can look the old one up.", "通过短信验证码或人脸认证后重置密码；任何人都无法查看原密码。"},
		Causes:    []Text{{"it was forgotten, or the account went from another agent, whose password ended with the change", "忘记密码，或账号由他人变更而来（原密码已失效）"}},
		Applicant: []Text{{"On the sign-in page choose “忘记密码” with 找回方式 “用户名” and do as the pages say.", "在登录页点击“忘记密码”，“找回方式”选择“用户名”，按页面提示重置密码。"}},
		Support: []Text{{"`farenctl recover start --by username --username U`, `farenctl verify sms --for <recovery>`, `farenctl recover verify <recovery> --sms-code S`, `farenctl recover reset <recovery> --password-file F` (role faren_registrar).",
			"`farenctl recover start --by username --username U`，`farenctl verify sms --for <recovery>`，`farenctl recover verify <recovery> --sms-code S`，`farenctl recover reset <recovery> --password-file F`（faren_registrar 角色）。"}},
		Guide:   []string{"一.5"},
		Phrases: []string{"忘记密码", "忘了密码怎么办", "忘记用户名密码可以通过登录页点击忘记密码自行找回，若忘记密码则找回方式选择用户名，输入用户名、验证码按照页面提示进行重置密码即可", "重置密码", "密码找回", "I forgot my password", "reset the password"},
	}},
	{"forgotten-username", Text{"the user name is forgotten", "忘记用户名"}, Explanation{
		Meaning:   Text{"The user name is shown after a proof; the account is found by the agent's mobile or document number and the unit code.", "凭经办人的手机号或身份证号和单位编号找回，通过验证后显示用户名。"},
		Causes:    []Text{{"it was forgotten, or a colleague registered", "忘记用户名，或由同事注册"}},
		Applicant: []Text{{"On the sign-in page choose “忘记密码” with 找回方式 “手机号和单位编号” or “身份证号和单位编号” and give the unit code of the registration.", "在登录页点击“忘记密码”，“找回方式”选择“手机号和单位编号”或“身份证号和单位编号”，单位编号为注册时填写的统一社会信用代码、注册号、组织机构代码等。"}},
		Support: []Text{{"`farenctl recover start --by phone --phone P --unit-code C` or `farenctl recover start --by document --document-number D --unit-code C`, `farenctl verify sms --for <recovery>`, `farenctl recover verify <recovery> --sms-code S` (role faren_registrar). Until the proof nothing tells whether there is an account.",
			"`farenctl recover start --by phone --phone P --unit-code C` 或 `farenctl recover start --by document --document-number D --unit-code C`，`farenctl verify sms --for <recovery>`，`farenctl recover verify <recovery> --sms-code S`（faren_registrar 角色）。验证前不会显示账号是否存在。"}},
		Guide:   []string{"一.5"},
		Phrases: []string{"忘记用户名", "忘了用户名怎么办", "若是忘记了用户名，则找回方式选择手机号和单位编号或身份证号和单位编号，需要输入所找回账号的经办人的手机号码/身份证号码，输入后按照页面提示即可查看用户名以及进行密码重置", "用户名找回", "I forgot my user name"},
	}},
	{"no-sms", Text{"the SMS doesn't arrive", "收不到短信（验证码）"}, Explanation{
		Meaning: Text{"Every message is kept in an outbox with what became of it.", "每条短信都保存在发件箱中，可查看发送情况。"},
		Causes: []Text{
			{"a misspelt number, or one that changed", "手机号填写有误或已更换"},
			{"the phone blocks it, or the gateway refused it: dead, or unknown", "被手机拦截，或网关发送失败（dead）、结果不明（unknown）"},
			{"nothing sends: no sender is set up, or the dispatcher doesn't run", "未配置发送方式，或发送任务未运行"},
			{"in a recovery: there is no such account, which is never told", "找回时账号不存在（系统不会提示）"},
		},
		Applicant: []Text{{"Check number, reception and blocked messages, wait a minute, ask for another code; five an hour.", "请核对号码、信号和拦截记录，一分钟后重新获取（每小时五条）。"}},
		Support: []Text{
			{"`farenctl sms list --kind code`, `farenctl sms show <message>`, `farenctl sms retry <message>` for dead and unknown ones (role faren_support).", "`farenctl sms list --kind code`，`farenctl sms show <message>`；失败或结果不明的可 `farenctl sms retry <message>`（faren_support 角色）。"},
			{"`farenctl doctor` tries the sender; `farenctl sms dispatch --watch` has to run (role faren_registrar).", "`farenctl doctor` 检查发送方式；`farenctl sms dispatch --watch` 须保持运行（faren_registrar 角色）。"},
		},
		Phrases: []string{"收不到短信", "收不到验证码", "没有收到短信验证码", "短信没收到", "no SMS code arrives", "did not get the SMS"},
	}},
	{"online-help", Text{"where to ask a person", "在线咨询"}, Explanation{
		Meaning:   Text{"The portal has people who answer.", "可进入人工咨询服务。"},
		Causes:    []Text{{"a question that these pages leave open", "有疑问需要人工解答"}},
		Applicant: []Text{{"Follow 浙江企业在线 on WeChat and choose the consultation by people.", "请关注“浙江企业在线”微信公众服务号，进入人工咨询服务。"}},
		Support:   []Text{{"Ask for the message's words or code and for the application's id, never for codes or passwords; `farenctl register show <application>` tells the rest.", "请用户提供提示文字或代码以及申请编号，切勿索取验证码和密码；其余可用 `farenctl register show <application>` 查看。"}},
		Guide:     []string{"四"},
		Phrases:   []string{"若有疑问，请关注浙江企业在线微信公众服务号，可进入人工咨询服务", "在线咨询支持", "人工咨询", "客服电话"},
	}},
	{"pending-review", Text{"the application waits for the organization's review", "待审核"}, Explanation{
		Meaning:   Text{"The agent has passed the face check; the legal representative or an administrator of the same organization decides.", "经办人已通过实名认证，待本单位法定代表人或管理员审核。"},
		Causes:    []Text{{"the reviewers have not looked yet; they got an SMS", "审核人尚未处理（已收到短信提醒）"}, {"the organization has no reviewer yet", "本单位暂无审核人"}},
		Applicant: []Text{{"Ask the legal representative or an administrator. Signing in works only after the approval.", "请提醒法定代表人或管理员审核，审核通过后才能登录。"}},
		Support: []Text{
			{"`farenctl register show <application>` tells whether there is anybody to review (role faren_support); if not: `farenctl explain NO_REVIEWER`.", "`farenctl register show <application>` 查看有无审核人（faren_support 角色）；没有的见 `farenctl explain NO_REVIEWER`。"},
			{"Only sessions of the organization decide: `farenctl review list`, `farenctl review approve <application>`, `farenctl review reject <application> --reason TEXT`. Withdrawing: `farenctl register withdraw <application>` (role faren_registrar).", "仅本单位的会话可审核：`farenctl review list`，`farenctl review approve <application>`，`farenctl review reject <application> --reason TEXT`；撤回：`farenctl register withdraw <application>`（faren_registrar 角色）。"},
		},
		Guide:   []string{"一.1", "二.1"},
		Phrases: []string{"待审核", "若经办人为员工，则需本单位法定代表人或本单位管理员对申请的账号进行审核", "经办人注册后，相应审核人员会收到短信消息", "审核结果会通过短信通知经办人，请关注短信消息", "一直待审核怎么办", "等待审核"},
	}},
	{"phone-changed", Text{"the agent has another mobile now", "手机号已更换"}, Explanation{
		Meaning:   Text{"The account's mobile is changed in the organization's name, since codes go to the old one.", "验证码仍发往原手机号，须以单位名义变更账号的手机号。"},
		Causes:    []Text{{"a new number, or the old one was given up or lost", "更换号码，或原号码停用、遗失"}},
		Applicant: []Text{{"Ask the legal representative, or whoever keeps the organization's certificate, to enter the new number. Who can do a face check may still recover by it.", "请由法定代表人账号或法人数字证书登录后变更手机号；找回时也可改用人脸认证。"}},
		Support: []Text{
			{"`farenctl verify sms --phone P --purpose agent-update` to the new number, then under the session of the legal representative or the certificate: `farenctl agent update <account> --phone P --sms-code S`.", "向新号码发送 `farenctl verify sms --phone P --purpose agent-update`，再以法定代表人账号或法人数字证书登录后运行 `farenctl agent update <account> --phone P --sms-code S`。"},
			{"Recovery by face instead of SMS: `farenctl verify face start --purpose recover --for <recovery>`, `farenctl recover verify <recovery> --verification V` (role faren_registrar).", "以人脸认证代替短信找回：`farenctl verify face start --purpose recover --for <recovery>`，`farenctl recover verify <recovery> --verification V`（faren_registrar 角色）。"},
		},
		Guide:   []string{"一.5"},
		Phrases: []string{"若手机号已更换或当时经办人已离职，则使用法人数字证书登录、法定代表人的法人账号登录变更经办人信息", "手机号已更换", "手机号换了怎么办", "更换手机号", "my phone number has changed"},
	}},
	{"rejected", Text{"the reviewers rejected the application", "审核未通过（被拒绝）"}, Explanation{
		Meaning:   Text{"The organization's reviewer rejected it; user name, mobile and agent are free again.", "本单位审核人拒绝了申请，用户名、手机号和经办人随即释放。"},
		Causes:    []Text{{"the reason that the reviewer gave: it stands in the SMS", "审核人填写的原因，见短信"}},
		Applicant: []Text{{"Speak with the reviewer, then register again; three rejections end it for that day.", "请与审核人沟通后重新申请；一天内被拒绝3次则当天不能再提交。"}},
		Support:   []Text{{"`farenctl register show <application>` tells who rejected it and why (role faren_support); a new one: `farenctl register start --channel zhejiang` with its flags (role faren_registrar).", "`farenctl register show <application>` 查看审核人和原因（faren_support 角色）；重新申请：`farenctl register start --channel zhejiang` 及其他选项（faren_registrar 角色）。"}},
		Guide:     []string{"二.2", "三.3"},
		Phrases:   []string{"审核未通过", "审核被拒绝", "申请被拒绝", "您在……的经办人账号注册申请未通过审核，原因", "审核同意或拒绝会给注册用户的预留手机号码发送一条短信"},
	}},
	{"reviewing", Text{"how an application is reviewed", "如何审核经办人申请"}, Explanation{
		Meaning:   Text{"The legal representative, an authorised administrator, or whoever signs the organization in by certificate or e-licence decides; approving takes a face check of their own.", "法定代表人、已授权的管理员、法人数字证书或电子营业执照登录后可审核，同意时需要操作人本人人脸核验。"},
		Causes:    []Text{{"an agent registered, and the SMS asks to review", "经办人提交了注册申请，审核人收到提醒短信"}},
		Applicant: []Text{{"The page 我的-企业/组织管理-经办人管理-经办人申请 of the portal and 我的-企业/组织管理-经办人申请 of the app.", "浙江政务服务网：“我的-企业/组织管理-经办人管理-经办人申请”；浙里办 APP：“我的-企业/组织管理-经办人申请”。"}},
		Support: []Text{{"`farenctl login <username>`, `farenctl review list`, `farenctl review show <application>`, `farenctl verify face start --purpose review --for <application>`, `farenctl review approve <application>` or `farenctl review reject <application> --reason TEXT` (role faren_registrar).",
			"`farenctl login <username>`，`farenctl review list`，`farenctl review show <application>`，`farenctl verify face start --purpose review --for <application>`，`farenctl review approve <application>` 或 `farenctl review reject <application> --reason TEXT`（faren_registrar 角色）。"}},
		Guide:   []string{"二.1", "二.2"},
		Phrases: []string{"法定代表人注册的法人账号/已授权的管理员账号/法人数字证书/法定代表人下载的电子营业执照可登录浙江政务服务或浙里办app操作审核", "选择法人登录，登录后进入我的-企业/组织管理-经办人管理-经办人申请中完成审核", "同意时需要操作人本人人脸核验", "提交了经办人账号注册申请，请您登录浙江政务服务网或浙里办APP，进入经办人申请及时审核", "如何审核", "怎么审核", "审核操作途径"},
	}},
	{"signing-in", Text{"how one signs in", "如何登录"}, Explanation{
		Meaning:   Text{"After registration and review user name and password of the registration are good.", "注册、审核完成之后，用注册的账号密码登录即可。"},
		Causes:    []Text{{"the account is new, or the person is", "首次登录"}},
		Applicant: []Text{{"Open http://www.zjzwfw.gov.cn/ and choose 登录 at the top right, as a legal person.", "打开浙江政务服务网 http://www.zjzwfw.gov.cn/ ，点击首页右上角“登录”，选择法人登录。"}},
		Support:   []Text{{"`farenctl login <username>`, then `farenctl whoami` (role faren_registrar); what keeps one out has a code of its own: `farenctl explain INVALID_CREDENTIALS`.", "`farenctl login <username>`，再 `farenctl whoami`（faren_registrar 角色）；不能登录的原因各有代码，如 `farenctl explain INVALID_CREDENTIALS`。"}},
		Guide:     []string{"五"},
		Phrases:   []string{"注册、审核完成之后打开浙江政务服务网，首页右上角点击登录。用注册的账号密码登录即可", "怎么登录", "如何登录"},
	}},
}

// Situations gives all situations, sorted by name.
func Situations() []Situation { return slices.Clone(situations) }

// Names gives all that has an explanation: the codes, then the situations.
func Names() []string {
	var names []string
	for _, e := range table {
		names = append(names, string(e.Code))
	}
	for _, s := range situations {
		names = append(names, s.Name)
	}
	return names
}

// FindSituation finds a situation by its name.
func FindSituation(name string) (Situation, bool) {
	i := slices.IndexFunc(situations, func(s Situation) bool { return s.Name == name })
	if i < 0 {
		return Situation{}, false
	}
	return situations[i], true
}
