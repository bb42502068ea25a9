package account

// What stands in several explanations.
var (
	applicantWaits = Text{"Nothing is wrong with what was entered: try again later.", "所填内容没有问题，请稍后再试。"}
	applicantNone  = Text{"Nothing: applicants don't meet it. Whoever runs farenctl settles it.", "申请人不会遇到，由运行 farenctl 的人员处理。"}
)

// explanationsLookup are those of exit statuses 1 to 3: unexpected, usage, not found.
var explanationsLookup = []explained{
	{"INTERNAL", Explanation{
		Meaning:   Text{"Something failed that farenctl doesn't foresee.", "发生了程序未预料的错误。"},
		Causes:    []Text{{"a fault of the program, or of the machine or database under it", "程序本身，或其所在机器、数据库发生故障"}},
		Applicant: []Text{applicantWaits},
		Support: []Text{
			{"Run the command again with --verbose, then `farenctl doctor`; report both outputs and the request id.", "加 --verbose 重新运行该命令，再运行 `farenctl doctor`，并反馈两者的输出和请求编号。"},
			{"The step may be repeated: one that was done before the failure is not done twice under the same --idempotency-key.", "可重复该步骤：在同一 --idempotency-key 下，已完成的操作不会重复执行。"},
		},
	}},
	{"AGENT_REQUIRED", Explanation{
		Meaning:   Text{"In the channels zhejiang and other-province the agent is stated together with user name and password.", "“浙江省内”和“非浙江省”渠道在创建用户时须一并填写经办人信息。"},
		Causes:    []Text{{"user name and password were given alone, as in the manual channels", "只填写了用户名和密码（人工认证渠道的做法）"}},
		Applicant: []Text{{"Fill in the agent's name, document number, mobile and SMS code as well.", "请一并填写经办人姓名、证件号码、手机号和短信验证码。"}},
		Support: []Text{{"`farenctl register user <application> --username U --password-file F --agent-name N --agent-document-number D --phone P --sms-code S` (role faren_registrar).",
			"`farenctl register user <application> --username U --password-file F --agent-name N --agent-document-number D --phone P --sms-code S`（faren_registrar 角色）。"}},
		Guide: []string{"一.1", "一.2"},
	}},
	{"DRY_RUN_IMPOSSIBLE", Explanation{
		Meaning:   Text{"The command can't be tried without doing it.", "该命令不做实际操作便无法试运行。"},
		Causes:    []Text{{"--dry-run on a command that only examines or hands out a secret, such as a sign-in or a captcha", "对只校验或发放机密的命令（如登录、图形验证码）使用了 --dry-run"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Run it without --dry-run. `farenctl commands` lists every command with its flags.", "去掉 --dry-run 再运行。`farenctl commands` 列出全部命令及其选项。"}},
	}},
	{"REASON_REQUIRED", Explanation{
		Meaning: Text{"What is done here is recorded with a reason, and none was given.", "此操作须记录原因，而未填写原因。"},
		Causes: []Text{
			{"an application is rejected without telling the applicant why", "拒绝申请时未说明原因"},
			{"a document or a sealed field is to be shown in clear, or staff settle a face check", "查看上传文件、明文字段，或人工认定人脸认证结果时未填写原因"},
		},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Add --reason TEXT. The applicant reads the reason of `farenctl review reject <application> --reason TEXT` in the SMS.", "请加 --reason TEXT。`farenctl review reject <application> --reason TEXT` 的原因会通过短信告知申请人。"}},
		Guide:     []string{"二.2"},
	}},
	{"REVEAL_TICKET_REQUIRED", Explanation{
		Meaning:   Text{"Here a sealed field is shown in clear only for a ticket (policy `reveal.ticket`).", "此处须凭工单才能明文查看加密字段（规则参数 `reveal.ticket`）。"},
		Causes:    []Text{{"--reveal without --ticket", "使用 --reveal 时未加 --ticket"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"As role faren_reviewer add --ticket, such as `farenctl agent show <account> --reveal phone --reason TEXT --ticket T`.", "以 faren_reviewer 角色加 --ticket，例如 `farenctl agent show <account> --reveal phone --reason TEXT --ticket T`。"}},
	}},
	{"TICKET_REQUIRED", Explanation{
		Meaning:   Text{"The organization has no active legal representative or administrator, so staff act for it, which needs a ticket.", "该单位已没有可用的法定代表人或管理员账号，由工作人员代为办理时须凭工单。"},
		Causes:    []Text{{"an operator acts without a session and without --ticket", "操作员未登录单位账号，且未加 --ticket"}},
		Applicant: []Text{{"Ask support in writing and name the organization, so that there is a ticket.", "请提交书面申请并说明单位，以便生成工单。"}},
		Support: []Text{{"As role faren_reviewer run the command again with --ticket, such as `farenctl agent update <account> --phone P --sms-code S --ticket T`.",
			"以 faren_reviewer 角色加 --ticket 重新运行，例如 `farenctl agent update <account> --phone P --sms-code S --ticket T`。"}},
		Guide: []string{"一.5"},
	}},
	{"USAGE", Explanation{
		Meaning:   Text{"The command line is not one that farenctl takes; nothing was done.", "命令行写法不正确，未执行任何操作。"},
		Causes:    []Text{{"an unknown command or flag, a missing or surplus argument, or flags that exclude each other", "命令或选项未知，参数缺失或过多，或选项互相冲突"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"The message names what is wrong; the hint names the help of that command. `farenctl commands -o json` has them all.", "错误信息指明问题所在，提示给出该命令的帮助；`farenctl commands -o json` 列出全部命令。"}},
	}},

	{"ACCOUNT_NOT_FOUND", Explanation{
		Meaning: Text{"No account that this login or session may see fits what was named.", "没有当前用户或会话可见、且与所填内容相符的账号。"},
		Causes: []Text{
			{"a misspelt user name, id, mobile or unit code", "用户名、编号、手机号或单位编号有误"},
			{"the registration is still an application, so there is no account yet", "注册申请尚未通过，账号还不存在"},
			{"under a session: the account is another organization's", "在登录会话中：该账号属于其他企业/组织"},
		},
		Applicant: []Text{{"Who forgot the user name gets it back by mobile or document number and unit code.", "忘记用户名可凭手机号或证件号码和单位编号找回。"}},
		Support: []Text{
			{"`farenctl agent list --unit-code C` lists the organization's accounts, `farenctl register list --unit-code C` its applications (role faren_support).", "`farenctl agent list --unit-code C` 列出该单位的账号，`farenctl register list --unit-code C` 列出其申请（faren_support 角色）。"},
			{"For the applicant: `farenctl recover start --by phone --phone P --unit-code C` (role faren_registrar).", "为申请人办理：`farenctl recover start --by phone --phone P --unit-code C`（faren_registrar 角色）。"},
		},
		Guide: []string{"一.5"},
	}},
	{"APPLICATION_NOT_FOUND", Explanation{
		Meaning: Text{"No application that this login or session may see fits what was named.", "没有当前用户或会话可见、且与所填内容相符的注册申请。"},
		Causes: []Text{
			{"a misspelt id or user name", "申请编号或用户名有误"},
			{"a reviewer's session asks for an application of another organization", "审核人会话查看了其他企业/组织的申请"},
		},
		Applicant: []Text{{"Copy the application's id, app_…, from where the registration showed it.", "请核对注册时显示的申请编号 app_…。"}},
		Support:   []Text{{"`farenctl register list --unit-code C` (role faren_support) finds it; reviewers see those that wait with `farenctl review list`.", "运行 `farenctl register list --unit-code C` 查找（faren_support 角色）；审核人用 `farenctl review list` 查看待审核的申请。"}},
		Guide:     []string{"二.2"},
	}},
	{"CHECKPOINT_NOT_FOUND", Explanation{
		Meaning:   Text{"There is no checkpoint where one was looked for, so that nothing proves the audit.", "指定位置没有检查点，无法验证审计记录。"},
		Causes:    []Text{{"the audit was never sealed, or into another directory", "从未封存，或封存到了其他目录"}, {"somebody took the files away", "文件已被移走"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"An auditor names the directory: `farenctl audit verify --checkpoints DIR --public-key FILE` (role faren_auditor), or seals for the first time: `farenctl audit seal --key FILE --out-dir DIR`.", "由审计员指定目录：`farenctl audit verify --checkpoints DIR --public-key FILE`（faren_auditor 角色）；首次封存：`farenctl audit seal --key FILE --out-dir DIR`。"}},
	}},
	{"CODE_UNKNOWN", Explanation{
		Meaning:   Text{"farenctl has no code, situation or sentence like the one that was to be explained.", "没有与所查内容相近的代码、情形或语句。"},
		Causes:    []Text{{"a misspelt code, or a message of another program", "代码拼写有误，或提示来自其他程序"}},
		Applicant: []Text{{"Send support the whole message as text, not only a part of it.", "请将完整的提示文字提供给客服。"}},
		Support:   []Text{{"`farenctl explain` lists all codes and situations; give it more of the sentence.", "`farenctl explain` 列出全部代码和情形；也可输入更完整的语句。"}},
	}},
	{"DOCUMENT_NOT_FOUND", Explanation{
		Meaning: Text{"The application has no document of this kind or id.", "该申请没有此类型或此编号的上传文件。"},
		Causes: []Text{
			{"the channel asks for no such document: overseas has licence and agent-document, project has proof", "该渠道不要求此文件：境外渠道为 licence 和 agent-document，工程项目为 proof"},
			{"the application ended before it was submitted, and its scans were deleted with it", "申请在提交前已结束，上传文件随之删除"},
		},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"`farenctl review show <application>` lists the documents that are there.", "运行 `farenctl review show <application>` 查看现有文件。"}},
		Guide:     []string{"一.3", "一.4"},
	}},
	{"EVIDENCE_NOT_FOUND", Explanation{
		Meaning:   Text{"No proof was kept of this check, so it can't be checked again.", "该认证没有留存证据，无法复核。"},
		Causes:    []Text{{"the sandbox answered it, it did not pass, or it is of the other kind: face check or certificate", "由沙箱完成、未通过，或属于另一类认证（人脸或数字证书）"}},
		Applicant: []Text{applicantNone},
		Support: []Text{{"`farenctl verify face evidence <verification>` is for face checks, `farenctl verify certificate evidence <verification>` for sign-ins by certificate (role faren_reviewer).",
			"人脸认证用 `farenctl verify face evidence <verification>`，数字证书登录用 `farenctl verify certificate evidence <verification>`（faren_reviewer 角色）。"}},
	}},
	{"FIELD_EMPTY", Explanation{
		Meaning:   Text{"The record has nothing in the field that was to be shown in clear.", "要明文显示的字段在该记录中没有内容。"},
		Causes:    []Text{{"an optional field, such as landline or e-mail, was left empty", "固定电话、电子邮箱等选填项未填写"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"`farenctl agent show <account>` or `farenctl register show <application>` shows, masked, which fields there are.", "`farenctl agent show <account>` 或 `farenctl register show <application>` 可查看已填写的字段（脱敏）。"}},
	}},
	{"KEY_NOT_FOUND", Explanation{
		Meaning:   Text{"The keyring's file has no sealing key of that version.", "密钥环文件中没有该版本的加密密钥。"},
		Causes:    []Text{{"it was retired already, or the version is misspelt", "该密钥已停用，或版本有误"}, {"another copy of the keyring has it", "该密钥在密钥环的其他副本中"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"`farenctl key list` shows the versions; `farenctl config show --origin` tells which file is used.", "`farenctl key list` 查看各版本；`farenctl config show --origin` 查看所用文件。"}},
	}},
	{"NOTHING_FOUND", Explanation{
		Meaning: Text{"No record fits what was given, so there is nothing to diagnose.", "没有与所给条件相符的记录，无从诊断。"},
		Causes: []Text{
			{"a misspelt number, user name or code", "号码、用户名或编号有误"},
			{"the person never got as far as a registration", "此人尚未提交过注册"},
			{"a unit code was given that is another organization's", "所给单位编号属于其他单位"},
		},
		Applicant: []Text{{"Give the mobile and the document number exactly as at registration.", "请提供注册时填写的手机号和证件号码。"}},
		Support:   []Text{{"`farenctl diagnose --phone P` alone, then `farenctl diagnose --unit-code C`; `farenctl register list --unit-code C` lists all of an organization (role faren_support).", "分别运行 `farenctl diagnose --phone P` 和 `farenctl diagnose --unit-code C`；`farenctl register list --unit-code C` 列出该单位全部申请（faren_support 角色）。"}},
	}},
	{"POLICY_NOT_FOUND", Explanation{
		Meaning:   Text{"There is no policy of this name.", "没有此名称的规则参数。"},
		Causes:    []Text{{"a misspelt name", "名称拼写有误"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"`farenctl policy list -o wide` lists them with range and meaning; only the role faren_admin changes one.", "`farenctl policy list -o wide` 列出全部参数及其范围、含义；仅 faren_admin 角色可修改。"}},
	}},
	{"RECOVERY_NOT_FOUND", Explanation{
		Meaning:   Text{"There is no recovery with this id.", "没有此编号的找回操作。"},
		Causes:    []Text{{"a misspelt id, or one of another kind: a recovery's begins with rec_", "编号有误，或属于其他记录（找回操作的编号以 rec_ 开头）"}},
		Applicant: []Text{{"Begin the recovery again.", "请重新发起找回。"}},
		Support:   []Text{{"`farenctl recover start --by username --username U` begins one (role faren_registrar).", "运行 `farenctl recover start --by username --username U` 发起（faren_registrar 角色）。"}},
		Guide:     []string{"一.5"},
	}},
	{"REGISTER_ENTRY_NOT_FOUND", Explanation{
		Meaning:   Text{"The loaded business register has no such unit code.", "已导入的登记信息中没有此单位编号。"},
		Causes:    []Text{{"a misspelt code, or a register that is older than the organization", "编号有误，或登记信息早于该单位成立"}},
		Applicant: []Text{{"Copy the code from the licence: 18 characters, letters in upper case.", "请按证照核对：共18位，字母大写。"}},
		Support:   []Text{{"`farenctl registry stats` tells how old the register is; `farenctl registry import FILE.csv` loads a new one (role faren_admin).", "`farenctl registry stats` 可查看登记信息的情况；`farenctl registry import FILE.csv` 导入新数据（faren_admin 角色）。"}},
		Guide:     []string{"一.1"},
	}},
	{"SESSION_NOT_FOUND", Explanation{
		Meaning:   Text{"There is no such session, or it is not this login's to end.", "没有此会话，或当前用户无权结束该会话。"},
		Causes:    []Text{{"a misspelt id", "会话编号有误"}, {"the session is another account's, which takes the role faren_support", "会话属于其他账号，须由 faren_support 角色结束"}},
		Applicant: []Text{{"End your own session by signing out.", "请退出登录以结束本人的会话。"}},
		Support:   []Text{{"`farenctl session list` shows them, `farenctl session revoke <session>` ends one (role faren_support).", "`farenctl session list` 查看会话，`farenctl session revoke <session>` 结束会话（faren_support 角色）。"}},
	}},
	{"SMS_NOT_FOUND", Explanation{
		Meaning:   Text{"There is no such message in the outbox.", "发件箱中没有此短信。"},
		Causes:    []Text{{"a misspelt id; a message's begins with sms_", "编号有误（短信编号以 sms_ 开头）"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"`farenctl sms list --application <application>` or `farenctl sms list --status dead` finds it (role faren_support).", "运行 `farenctl sms list --application <application>` 或 `farenctl sms list --status dead` 查找（faren_support 角色）。"}},
	}},
	{"VERIFICATION_NOT_FOUND", Explanation{
		Meaning: Text{"There is no such face check or sign-in that this login may go on with.", "没有当前用户可继续的此项人脸认证或登录验证。"},
		Causes: []Text{
			{"a misspelt id; it begins with ver_", "编号有误（以 ver_ 开头）"},
			{"the sign-in was begun under another database login, which alone can complete it", "登录由其他数据库用户发起，仅该用户可以完成"},
		},
		Applicant: []Text{{"Begin the face check or sign-in again.", "请重新发起人脸认证或登录。"}},
		Support:   []Text{{"`farenctl register show <application>` names the newest face check of an application.", "运行 `farenctl register show <application>` 查看该申请最近一次人脸认证。"}},
	}},
}
