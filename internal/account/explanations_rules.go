package account

// explanationsRules are those of exit statuses 6 to 10: refused by a rule, rows of a batch, waiting, the environment.
var explanationsRules = []explained{
	{"AUDIT_SEAL_REFUSED", Explanation{
		Meaning:   Text{"Events that were sealed before are not as they were, and no seal is put over that.", "先前封存的审计记录已改变，程序拒绝在其上再次封存。"},
		Causes:    []Text{{"somebody edited, removed or inserted events with the rights of the database's owner or a superuser", "有人以数据库属主或超级用户权限修改、删除或插入了记录"}, {"an older backup was restored, or this is another database", "恢复了较早的备份，或连接的是另一数据库"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"`farenctl audit verify` (role faren_auditor) names the first event and counts the others. After a restore that everybody knows of, begin a new directory and keep the old one: `farenctl audit seal --key FILE --out-dir DIR`.", "`farenctl audit verify`（faren_auditor 角色）指出首个异常事件和数量。确因恢复备份所致时，请保留原目录并使用新目录：`farenctl audit seal --key FILE --out-dir DIR`。"}},
	}},
	{"CAPTCHA_INVALID", Explanation{
		Meaning: Text{"The picture's letters were not those typed, or the picture is used up.", "图形验证码输入有误，或该图已失效。"},
		Causes: []Text{
			{"misread letters, or too many wrong tries of one picture (policy `captcha.attempts`)", "看错字符，或同一图尝试过多（规则参数 `captcha.attempts`）"},
			{"it is past its time or did its work before (policy `captcha.lifetime`)", "已过期或已使用（规则参数 `captcha.lifetime`）"},
		},
		Applicant: []Text{{"Get another picture and type what it shows.", "请换一张图并按图输入。"}},
		Support:   []Text{{"`farenctl verify captcha new --out F.png`, then the step again with --captcha ID:ANSWER (role faren_registrar).", "运行 `farenctl verify captcha new --out F.png`，再以 --captcha ID:ANSWER 重试该步骤（faren_registrar 角色）。"}},
		Guide:     []string{"一.1", "一.5"},
	}},
	{"CAPTCHA_REQUIRED", Explanation{
		Meaning:   Text{"Policy asks for a captcha in this step, and none was answered.", "规则要求此步骤填写图形验证码，而未填写。"},
		Causes:    []Text{{"policy `captcha.required` is on; it goes for creating users, manual registrations and recoveries", "规则参数 `captcha.required` 已开启，适用于创建用户、人工认证渠道和找回"}},
		Applicant: []Text{{"Fill in what the picture shows.", "请填写图形验证码。"}},
		Support: []Text{
			{"`farenctl verify captcha new --out F.png`, then add --captcha ID:ANSWER (role faren_registrar).", "运行 `farenctl verify captcha new --out F.png`，再加 --captcha ID:ANSWER（faren_registrar 角色）。"},
			{"For batches an administrator switches it off: `farenctl policy set captcha.required off --reason TEXT` (role faren_admin).", "批量注册前由管理员关闭：`farenctl policy set captcha.required off --reason TEXT`（faren_admin 角色）。"},
		},
		Guide: []string{"一.1", "一.5"},
	}},
	{"CHECK_REFUSED", Explanation{
		Meaning:   Text{"The registration was only tried, and some rules stand against it; nothing was written.", "仅试查了注册，有规则未通过，未写入任何内容。"},
		Causes:    []Text{{"each rule that fails is told with its own code and the record in the way", "每项未通过的规则都列出了代码和所涉记录"}},
		Applicant: []Text{{"Settle what is listed, then register.", "请先处理所列各项，再提交注册。"}},
		Support:   []Text{{"`farenctl explain CODE` on each code; then `farenctl register check -f FILE` again (role faren_registrar).", "用 `farenctl explain CODE` 查看各代码，处理后再运行 `farenctl register check -f FILE`（faren_registrar 角色）。"}},
		Guide:     []string{"三.1", "三.2", "三.3"},
	}},
	{"DAILY_REJECTION_LIMIT", Explanation{
		Meaning:   Text{"An agent, by document number, who was rejected three times in one organization on one day can't apply there again that day.", "一个经办人（以身份证号为唯一）在同一企业/组织下一天内被拒绝3次后，当天无法再次提交。"},
		Causes:    []Text{{"the reviewers rejected this agent's applications again and again (policy `registration.daily_rejections`)", "审核人多次拒绝了该经办人的申请（规则参数 `registration.daily_rejections`，可配置）"}},
		Applicant: []Text{{"Ask the reviewer what is wrong, and apply again tomorrow.", "请向审核人了解拒绝原因，明天再申请。"}},
		Support: []Text{
			{"It ends at midnight in China; the message tells the time. `farenctl register list --unit-code C --status rejected` shows the rejections (role faren_support).", "次日零点自动解除，提示中有时间；`farenctl register list --unit-code C --status rejected` 查看被拒绝的申请（faren_support 角色）。"},
			{"A reviewer's session can still add the agent today: `farenctl agent add --username U --password-file F --agent-name N --agent-document-number D --phone P --sms-code S`.", "审核人登录后当天仍可直接添加：`farenctl agent add --username U --password-file F --agent-name N --agent-document-number D --phone P --sms-code S`。"},
			{"For everybody: `farenctl policy set registration.daily_rejections 5 --reason TEXT` (role faren_admin).", "整体调整次数：`farenctl policy set registration.daily_rejections 5 --reason TEXT`（faren_admin 角色）。"},
		},
		Guide:   []string{"三.3"},
		Phrases: []string{"一个经办人（以身份证号为唯一）在同个企业/组织下在一天内被拒绝3次后，则当天无法再次提交。（该次数目前是可配置的，后续可能根据实际运营情况会进行修改）"},
	}},
	{"FACE_CHECK_LIMIT", Explanation{
		Meaning:   Text{"Today's face checks for this application, account or recovery are used up.", "该申请、账号或找回操作当天的人脸认证次数已用完。"},
		Causes:    []Text{{"five were begun today, whether finished or not (policy `identity.daily_starts`)", "当天已发起五次，无论是否完成（规则参数 `identity.daily_starts`）"}},
		Applicant: []Text{{"Withdraw the application and begin anew, or try tomorrow; the agent must do the check in person.", "请撤回后重新申请，或明天再试；须由经办人本人完成认证。"}},
		Support: []Text{
			{"`farenctl register withdraw <application>`, then `farenctl register start --channel zhejiang` with its flags (role faren_registrar).", "运行 `farenctl register withdraw <application>`，再以 `farenctl register start --channel zhejiang` 等选项重新申请（faren_registrar 角色）。"},
			{"`farenctl verify face status <verification>` tells why checks failed.", "`farenctl verify face status <verification>` 查看失败原因。"},
		},
		Guide: []string{"一.1"},
	}},
	{"FACE_CHECK_NOT_PASSED", Explanation{
		Meaning:   Text{"The face check that was named doesn't prove this recovery.", "所指定的人脸认证不能作为此次找回的凭证。"},
		Causes:    []Text{{"it failed or is still open, was used before, or belongs to something else", "认证未通过、未完成、已使用，或属于其他事项"}},
		Applicant: []Text{{"Do the face check of this recovery, or use the SMS code.", "请完成此次找回的人脸认证，或使用短信验证码。"}},
		Support:   []Text{{"`farenctl verify face start --purpose recover --for <recovery>`, or `farenctl verify sms --for <recovery>` (role faren_registrar).", "运行 `farenctl verify face start --purpose recover --for <recovery>`，或 `farenctl verify sms --for <recovery>`（faren_registrar 角色）。"}},
		Guide:     []string{"一.5"},
	}},
	{"FACE_CHECK_REQUIRED", Explanation{
		Meaning: Text{"Whoever approves has to pass a face check of their own, for this application.", "同意申请时需要操作人本人通过人脸核验。"},
		Causes: []Text{
			{"none was done, it was for another application or person, or was used", "尚未核验，或核验属于其他申请、其他人员，或已使用"},
			{"it is older than ten minutes (policy `identity.lifetime`)", "核验已超过十分钟（规则参数 `identity.lifetime`）"},
		},
		Applicant: []Text{{"Nothing: the reviewer does it.", "由审核人操作，申请人无需处理。"}},
		Support: []Text{{"In the reviewer's session: `farenctl verify face start --purpose review --for <application>`, `farenctl verify face wait <verification>`, `farenctl review approve <application>`. Rejecting needs none.",
			"审核人登录后：`farenctl verify face start --purpose review --for <application>`，`farenctl verify face wait <verification>`，再 `farenctl review approve <application>`；拒绝无需核验。"}},
		Guide: []string{"二.2"},
	}},
	{"IDENTITY_MISMATCH", Explanation{
		Meaning:   Text{"Somebody else than the expected person did the face check: name or document differ.", "完成人脸认证的不是应认证的人员（姓名或证件不一致）。"},
		Causes:    []Text{{"a colleague scanned the code with their own app account", "同事用自己的浙里办账号扫了码"}, {"name or document number of the agent are misspelt in the registration", "注册时经办人姓名或证件号码填写有误"}},
		Applicant: []Text{{"The agent signs in to the app with their own personal account and scans a new code; a misspelt registration is withdrawn and begun anew.", "请由经办人登录本人的浙里办个人账号重新扫码；信息填错的请撤回后重新填写。"}},
		Support:   []Text{{"`farenctl verify face start --for <application> --purpose register`, or `farenctl register withdraw <application>` (role faren_registrar).", "运行 `farenctl verify face start --for <application> --purpose register`，或 `farenctl register withdraw <application>`（faren_registrar 角色）。"}},
		Guide:     []string{"一.1", "二.2"},
		Phrases:   []string{"非本人认证"},
	}},
	{"ORGANIZATION_MISMATCH", Explanation{
		Meaning: Text{"The business register knows the unit code, and says something else in the named fields; the right values are never told.", "登记信息中有此代码，但提示的项目与登记不一致；系统不会显示正确内容。"},
		Causes: []Text{
			{"not copied as on the licence", "未按证照如实填写"},
			{"the organization has changed its name or legal representative, and one side is older", "单位名称或法定代表人已变更，证照或登记信息较旧"},
			{"the legal representative's document is of another type", "法定代表人证件类型选择有误"},
		},
		Applicant: []Text{{"Copy name, code, legal representative and document number from the licence, letters in upper case.", "请按证照填写企业名称、代码、法定代表人及其证件号码，字母大写。"}},
		Support: []Text{{"`farenctl verify organization --channel zhejiang --entity-type T --organization-name N --unit-code C --legal-representative L --legal-representative-document-number D` tries it without writing (role faren_registrar); `farenctl registry show <unit-code>` shows the entry, masked; `farenctl registry import FILE.csv` loads a newer register (role faren_admin).",
			"`farenctl verify organization --channel zhejiang --entity-type T --organization-name N --unit-code C --legal-representative L --legal-representative-document-number D` 可试认证（faren_registrar 角色）；`farenctl registry show <unit-code>` 查看登记（脱敏）；`farenctl registry import FILE.csv` 更新登记信息（faren_admin 角色）。"}},
		Guide: []string{"一.1", "一.2"},
	}},
	{"ORGANIZATION_NOT_ACTIVE", Explanation{
		Meaning:   Text{"The business register says that the organization's licence was revoked or cancelled.", "登记信息显示该单位已吊销或已注销。"},
		Causes:    []Text{{"the organization was closed, also while its application waited", "单位已终止（也可能发生在申请等待期间）"}, {"the register is older than a correction", "登记信息尚未更新"}},
		Applicant: []Text{{"Settle it with the registration authority; accounts are only for organizations in existence.", "请向登记机关核实；仅存续的单位可注册账号。"}},
		Support:   []Text{{"`farenctl registry show <unit-code>` shows the status; `farenctl registry import FILE.csv` loads a newer register (role faren_admin).", "`farenctl registry show <unit-code>` 查看登记状态；`farenctl registry import FILE.csv` 更新登记信息（faren_admin 角色）。"}},
		Guide:     []string{"一.1"},
	}},
	{"ORGANIZATION_NOT_FOUND", Explanation{
		Meaning: Text{"The business register has no organization with this unified social credit code.", "登记信息中没有使用此统一社会信用代码的单位。"},
		Causes: []Text{
			{"a misread character: there is no I, O, Z, S or V in it", "字符看错：代码不含 I、O、Z、S、V"},
			{"a new organization that the loaded register doesn't have yet", "新设立的单位尚未进入已导入的登记信息"},
		},
		Applicant: []Text{{"Copy the 18 characters from the licence. A project without any licence takes the manual channel.", "请按证照填写18位代码；无任何证照的工程项目请走人工认证渠道。"}},
		Support:   []Text{{"`farenctl verify format uscc <value>` checks the form, `farenctl registry show <unit-code>` the register, `farenctl registry import FILE.csv` loads a newer one (role faren_admin).", "`farenctl verify format uscc <value>` 核对格式，`farenctl registry show <unit-code>` 查登记，`farenctl registry import FILE.csv` 更新登记信息（faren_admin 角色）。"}},
		Guide:     []string{"一.1", "一.4"},
	}},
	{"REGION_MISMATCH", Explanation{
		Meaning:   Text{"The place in the unit code (characters 3 to 8) doesn't belong to the channel: zhejiang takes 33… and 100000, other-province all but 33….", "代码第3至8位的行政区划与所选登记所在地不符：“浙江省内”为33开头或100000，“非浙江省”为其他。"},
		Causes:    []Text{{"the wrong place of registration was chosen", "单位登记所在地选择有误"}, {"a misspelt code", "代码填写有误"}},
		Applicant: []Text{{"Choose the place where the organization is registered, not where it works.", "请按单位登记所在地（而非经营地）选择。"}},
		Support:   []Text{{"`farenctl register start --channel other-province`, or zhejiang, as the hint says (role faren_registrar).", "按提示使用 `farenctl register start --channel other-province` 或 zhejiang（faren_registrar 角色）。"}},
		Guide:     []string{"一.1", "一.2"},
	}},
	{"REVEAL_LIMIT", Explanation{
		Meaning:   Text{"This database login was shown as many sealed fields in clear today as one may be; masked, everything can still be seen.", "当前数据库用户今日明文查看加密字段的次数已达上限，仍可查看脱敏信息。"},
		Causes:    []Text{{"many fields were revealed on one day, in China (policy `reveal.daily`); what was refused does not count", "一天内（北京时间）明文查看的字段过多（规则参数 `reveal.daily`），被拒绝的不计"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Go on masked, or wait for the next day; `farenctl policy get reveal.daily` tells the limit, which role faren_admin may change: `farenctl policy set reveal.daily N --reason TEXT`.", "可查看脱敏信息或等到次日；`farenctl policy get reveal.daily` 查看上限，faren_admin 角色可调整：`farenctl policy set reveal.daily N --reason TEXT`。"}},
	}},
	{"SIGN_IN_LIMIT", Explanation{
		Meaning:   Text{"For this organization too many sign-ins by certificate or e-licence were begun today and never proven.", "该单位当天发起而未完成的数字证书或电子营业执照登录过多。"},
		Causes:    []Text{{"challenges were left unanswered again and again, per database login (policy `sign_in.daily_unproven`)", "同一数据库用户反复发起而未完成（规则参数 `sign_in.daily_unproven`）"}},
		Applicant: []Text{{"Try tomorrow, or let the legal representative sign in by password.", "请明天再试，或由法定代表人使用账号密码登录。"}},
		Support:   []Text{{"Find out why proofs fail: `farenctl verify face status <verification>`, `farenctl doctor`; `farenctl policy get sign_in.daily_unproven` tells the limit.", "查明失败原因：`farenctl verify face status <verification>`、`farenctl doctor`；`farenctl policy get sign_in.daily_unproven` 查看上限。"}},
		Guide:     []string{"二.1"},
	}},
	{"SMS_CODE_EXHAUSTED", Explanation{
		Meaning:   Text{"This code was tried wrong too often and is dead, even if typed right now.", "该验证码错误次数过多已作废，再输入正确也无效。"},
		Causes:    []Text{{"five wrong tries (policy `sms.code_attempts`), often with the code of an older SMS", "已错误五次（规则参数 `sms.code_attempts`），多为输入了旧短信的验证码"}},
		Applicant: []Text{{"Ask for another code, and type that of the newest SMS.", "请重新获取，并输入最新一条短信的验证码。"}},
		Support:   []Text{{"`farenctl verify sms --phone P --purpose register`, or `farenctl verify sms --for <recovery>` (role faren_registrar).", "运行 `farenctl verify sms --phone P --purpose register` 或 `farenctl verify sms --for <recovery>`（faren_registrar 角色）。"}},
		Guide:     []string{"一.1"},
	}},
	{"SMS_CODE_EXPIRED", Explanation{
		Meaning:   Text{"The code's five minutes are over (policy `sms.code_lifetime`).", "验证码已超过五分钟有效期（规则参数 `sms.code_lifetime`）。"},
		Causes:    []Text{{"it was typed late, or the SMS arrived late", "输入过晚，或短信到达较晚"}, {"`farenctl sms retry` on a code that is over", "对已过期的验证码运行了 `farenctl sms retry`"}},
		Applicant: []Text{{"Ask for another code and type it within five minutes.", "请重新获取并在五分钟内输入。"}},
		Support: []Text{
			{"`farenctl verify sms --phone P --purpose register` (role faren_registrar).", "运行 `farenctl verify sms --phone P --purpose register`（faren_registrar 角色）。"},
			{"Where messages are slow: `farenctl sms list --kind code --status queued`, and see that `farenctl sms dispatch --watch` runs.", "短信迟到的：`farenctl sms list --kind code --status queued`，并确认 `farenctl sms dispatch --watch` 正在运行。"},
		},
		Guide: []string{"一.1"},
	}},
	{"SMS_CODE_INVALID", Explanation{
		Meaning: Text{"The code isn't that of the newest SMS to this number for this purpose.", "不是该号码、该用途最新一条短信中的验证码。"},
		Causes: []Text{
			{"a typing mistake, or an older SMS: a new code ends the one before", "输入有误，或使用了旧短信（重新获取后旧验证码失效）"},
			{"the code was for another number or purpose, or did its work before", "验证码属于其他号码或用途，或已使用"},
			{"none was asked for", "尚未获取验证码"},
		},
		Applicant: []Text{{"Type the six digits of the newest SMS, or ask for another.", "请输入最新一条短信中的6位数字，或重新获取。"}},
		Support:   []Text{{"Purposes are apart: `farenctl verify sms --phone P --purpose register`, agent-add, agent-update; recovery has `farenctl verify sms --for <recovery>` (role faren_registrar).", "不同用途不能混用：`farenctl verify sms --phone P --purpose register`（或 agent-add、agent-update），找回用 `farenctl verify sms --for <recovery>`（faren_registrar 角色）。"}},
		Guide:     []string{"一.1"},
	}},
	{"SMS_TOO_FREQUENT", Explanation{
		Meaning:   Text{"This number has had as many codes as it may have for now.", "该号码获取验证码的次数已达当前上限。"},
		Causes:    []Text{{"one a minute, five an hour, ten a day (policies `sms.code_resend`, `sms.code_hourly`, `sms.code_daily`)", "每分钟一条、每小时五条、每天十条（规则参数 `sms.code_resend`、`sms.code_hourly`、`sms.code_daily`）"}},
		Applicant: []Text{{"Wait until the time of the message; look whether an SMS that came is still good.", "请等到提示的时间；也可查看已收到的短信是否仍有效。"}},
		Support:   []Text{{"If no SMS arrives at all: `farenctl sms list --kind code` (role faren_support). Limits: `farenctl policy get sms.code_hourly`.", "若一直收不到短信：`farenctl sms list --kind code`（faren_support 角色）；上限：`farenctl policy get sms.code_hourly`。"}},
		Guide:     []string{"一.1"},
	}},

	{"ROWS_REFUSED", Explanation{
		Meaning:   Text{"The file was gone through; the rows that are told were not taken, the others were.", "文件已处理完，列出的行未被接受，其余行已完成。"},
		Causes:    []Text{{"each refused row has its own code, as if it had been entered alone", "每个失败行都有自己的代码，与单独办理时相同"}},
		Applicant: []Text{applicantNone},
		Support: []Text{
			{"Explain the row's code, mend the row and feed it again; `farenctl register batch FILE --report R.jsonl --failed-out F.jsonl` writes the failed rows to a file.", "按各行代码改正后重新导入；`farenctl register batch FILE --report R.jsonl --failed-out F.jsonl` 会另存失败行。"},
			{"`farenctl registry import FILE.csv --strict` takes a register as a whole or not at all (role faren_admin).", "`farenctl registry import FILE.csv --strict` 要求整份登记信息全部有效（faren_admin 角色）。"},
		},
	}},
	{"WAIT_TIMEOUT", Explanation{
		Meaning:   Text{"What was waited for didn't come within --timeout; it still can.", "在 --timeout 时限内未等到目标状态，之后仍可能达到。"},
		Causes:    []Text{{"the person, reviewer or staff have not acted yet", "本人、审核人或工作人员尚未操作"}},
		Applicant: []Text{{"Finish what is missing: the face check, or the review by the organization.", "请完成人脸认证，或请本单位完成审核。"}},
		Support:   []Text{{"`farenctl register wait <application> --for decided --timeout 8h` waits longer; `farenctl register show <application>` tells what is missing.", "`farenctl register wait <application> --for decided --timeout 8h` 可等待更久；`farenctl register show <application>` 查看所缺步骤。"}},
	}},
	{"AUDIT_BROKEN", Explanation{
		Meaning:   Text{"The events of the audit are not those that were sealed: the trail can't be relied on from the named event on.", "审计记录与封存时不符：自所述事件起不可采信。"},
		Causes:    []Text{{"somebody edited, removed or inserted events with the rights of the database's owner or a superuser", "有人以数据库属主或超级用户权限修改、删除或插入了记录"}, {"an older backup was restored, or this is another database", "恢复了较早的备份，或连接的是另一数据库"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Keep the database and every copy of the checkpoints as they are. `farenctl audit verify -o json` (role faren_auditor) names the first event, between which checkpoints it is, and counts; compare with an earlier `farenctl audit export --out FILE` or a backup of that time.", "请保持数据库和检查点的所有副本原状。`farenctl audit verify -o json`（faren_auditor 角色）指出首个事件、所在检查点区间和数量；请与先前的 `farenctl audit export --out FILE` 或当时的备份比对。"}},
	}},
	{"ENDED_OTHERWISE", Explanation{
		Meaning:   Text{"What was waited for has ended in another way and can't come any more.", "等待的事项已以其他结果结束，不会再达到目标状态。"},
		Causes:    []Text{{"an application was rejected, withdrawn or expired, or a face check failed or expired", "申请被拒绝、撤回或过期，或人脸认证失败、过期"}},
		Applicant: []Text{{"Begin again: a new face check, or a new application.", "请重新认证或重新申请。"}},
		Support:   []Text{{"`farenctl register show <application>` tells the reason; `farenctl verify face status <verification>` that of a check.", "`farenctl register show <application>` 查看申请结果和原因；`farenctl verify face status <verification>` 查看认证失败原因。"}},
	}},
	{"EVIDENCE_BROKEN", Explanation{
		Meaning:   Text{"Checks that passed have a kept proof that doesn't hold any more.", "已通过的认证，其留存证据不再成立。"},
		Causes:    []Text{{"a certificate was revoked with effect before the sign-in", "数字证书被吊销，且生效时间早于登录"}, {"the sealed proof, or the person of the check, was changed in the database", "数据库中的证据或认证人员已被更改"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"`farenctl verify face evidence <verification>` and `farenctl verify certificate evidence <verification>` tell why (role faren_reviewer).", "`farenctl verify face evidence <verification>` 和 `farenctl verify certificate evidence <verification>` 查看原因（faren_reviewer 角色）。"}},
	}},

	{"CLOCK_REFUSED", Explanation{
		Meaning:   Text{"A database of environment production has no test clock.", "生产环境的数据库没有测试时钟。"},
		Causes:    []Text{{"`farenctl clock set` or `farenctl clock advance` with production's address", "对生产环境运行了 `farenctl clock set` 或 `farenctl clock advance`"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Use a test database; `farenctl db status` tells the environment.", "请使用测试数据库；`farenctl db status` 可查看环境。"}},
	}},
	{"CODE_REVEAL_REFUSED", Explanation{
		Meaning:   Text{"On production nobody sees an SMS code but the person who got it.", "生产环境中，除收件人外任何人都不能查看短信验证码。"},
		Causes:    []Text{{"`farenctl sms show <message> --reveal text` of a code", "对验证码短信运行了 `farenctl sms show <message> --reveal text`"}},
		Applicant: []Text{{"Never read a code out to anybody, support included.", "请勿向任何人（包括客服）透露验证码。"}},
		Support:   []Text{{"See whether it was sent: `farenctl sms show <message>`; if the number changed, an update by the legal representative helps: `farenctl agent update <account> --phone P --sms-code S`.", "可用 `farenctl sms show <message>` 确认是否已发送；号码已更换的，由法定代表人登录后运行 `farenctl agent update <account> --phone P --sms-code S`。"}},
	}},
	{"PASSWORD_PARAMS_REFUSED", Explanation{
		Meaning:   Text{"The password hash is weaker than production allows.", "密码哈希的强度低于生产环境的要求。"},
		Causes:    []Text{{"password_hash with little memory or few passes, as test fixtures have", "password_hash 的内存或轮数过低（如测试数据所用）"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Give the password itself, or hash with m=19456, t=2 or more; `farenctl register submit --help` describes the document.", "请提供密码本身，或使用不低于 m=19456、t=2 的参数；文件格式见 `farenctl register submit --help`。"}},
	}},
	{"SANDBOX_REFUSED", Explanation{
		Meaning:   Text{"On production no sandbox stands in for a person: SMS codes and face checks have to be real.", "生产环境不允许以沙箱代替本人：短信验证码和人脸认证必须真实。"},
		Causes:    []Text{{"--sandbox, a simulated check, or a fixture with production's address", "对生产环境使用了 --sandbox、模拟认证或测试数据"}, {"no identity provider is configured, so the sandbox is the default", "未配置认证服务，默认使用了沙箱"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"Set `identity.provider` and `e_licence.provider` to oidc; `farenctl doctor` tries them, `farenctl db status` tells the environment.", "将 `identity.provider`、`e_licence.provider` 设为 oidc；用 `farenctl doctor` 检查，`farenctl db status` 查看环境。"}},
	}},
}
