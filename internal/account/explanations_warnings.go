package account

// explanationsWarnings are those that end no command.
var explanationsWarnings = []explained{
	{"COMPARISON_FAILED", Explanation{
		Meaning:   Text{"Staff found that documents and entries don't agree; the SMS tells the reason. It can be mended for thirty days.", "工作人员比对后认为资料与填写内容不符，短信已告知原因，三十天内可重新提交。"},
		Causes:    []Text{{"illegible, altered or missing scans, no stamp, or another name or code than on the document", "扫描件不清晰、被修改或缺失，未盖章，或名称、编号与文件不一致"}},
		Applicant: []Text{{"Upload again what the reason names; signing in with the same user name shows it.", "请按短信告知的内容重新上传资料提交；用原用户名登录也可查看原因。"}},
		Support:   []Text{{"`farenctl register show <application>` has the reason; `farenctl register resubmit <application> --licence-file F --agent-document-file F` or `farenctl register resubmit <application> --proof-file F` puts it before staff again (role faren_registrar).", "`farenctl register show <application>` 查看原因；`farenctl register resubmit <application> --licence-file F --agent-document-file F` 或 `farenctl register resubmit <application> --proof-file F` 重新提交（faren_registrar 角色）。"}},
		Guide:     []string{"一.3", "一.4"},
		Phrases:   []string{"mismatched", "若比对不通过则按照短信告知的内容重新上传资料提交", "法人账号注册资料比对未通过，原因", "重新上传资料提交", "比对未通过"},
	}},
	{"COMPARISON_PENDING", Explanation{
		Meaning:   Text{"Staff compare documents and entries within one working day; the result comes by SMS.", "工作人员将于1个工作日内完成比对，结果以短信告知。"},
		Causes:    []Text{{"an overseas unit or a project has submitted its application", "境外单位或项目工程的申请已提交"}},
		Applicant: []Text{{"Wait; signing in with user name and password shows the state. Don't register again.", "请耐心等待，可用设置的用户名密码登录查看比对结果，无需重复注册。"}},
		Support: []Text{
			{"`farenctl register show <application>` tells until when it is due (role faren_support).", "`farenctl register show <application>` 查看时限（faren_support 角色）。"},
			{"Role faren_reviewer: `farenctl review list --kind comparison --overdue`, `farenctl review show <application>`, `farenctl review document <application> proof --out F.jpg --reason TEXT`, then `farenctl review approve <application>` or `farenctl review reject <application> --reason TEXT`.", "faren_reviewer 角色：`farenctl review list --kind comparison --overdue`，`farenctl review show <application>`，`farenctl review document <application> proof --out F.jpg --reason TEXT`，再 `farenctl review approve <application>` 或 `farenctl review reject <application> --reason TEXT`。"},
		},
		Guide:   []string{"一.3", "一.4"},
		Phrases: []string{"pending-comparison", "已提交，待比对", "您的信息已提交！将于1个工作日内完成比对，请耐心等待。您可以使用刚才设置的用户名密码登录，查看比对结果", "Your information has been submitted! It will be compared within 1 working day; please be patient. You can sign in with the user name and password just set to see the result.", "您的信息已提交", "比对结果将以短信形式告知，请关注短信", "待比对", "查看比对结果"},
	}},
	{"ENTITY_TYPE_PREFIX", Explanation{
		Meaning:   Text{"The first two characters of the unit code usually belong to another entity type; the registration goes on.", "代码前两位通常属于其他法人类型；注册可继续。"},
		Causes:    []Text{{"the entity type was chosen wrongly, or the organization is an exception", "法人类型选择有误，或该单位属于例外"}},
		Applicant: []Text{{"Look whether the entity type is that of the licence.", "请核对法人类型是否与证照一致。"}},
		Support:   []Text{{"`farenctl verify format uscc <value>` tells what the prefix means; a wrong choice is mended by `farenctl register withdraw <application>` and a new one.", "`farenctl verify format uscc <value>` 查看前缀含义；选错的可 `farenctl register withdraw <application>` 后重新申请。"}},
		Guide:     []string{"一.1"},
	}},
	{"FACE_CHECK_OPEN", Explanation{
		Meaning:   Text{"A face check was begun and has no outcome yet; nothing goes on before it has.", "人脸认证已发起但尚无结果，须有结果后才能继续。"},
		Causes:    []Text{{"pending: the person has not scanned the code, or not finished in the app", "待认证：本人尚未扫码，或未在 APP 中完成"}, {"manual-review: the provider left the decision to staff", "待人工认定：服务方转由工作人员认定"}},
		Applicant: []Text{{"Scan the code within ten minutes, or ask for a new one.", "请在十分钟内扫码，或重新获取二维码。"}},
		Support:   []Text{{"`farenctl verify face wait <verification>` waits for it; one left to staff: `farenctl verify face resolve <verification> --outcome passed --reason TEXT` (role faren_reviewer).", "`farenctl verify face wait <verification>` 等待结果；转人工的由 faren_reviewer 角色 `farenctl verify face resolve <verification> --outcome passed --reason TEXT` 认定。"}},
		Guide:     []string{"一.1", "二.2"},
	}},
	{"NO_REVIEWER", Explanation{
		Meaning: Text{"The application waits for review, but the organization has nobody yet who could decide.", "申请待审核，但本单位暂无可审核的人员。"},
		Causes: []Text{
			{"the legal representative has no account, and no administrator is authorized", "法定代表人尚未注册，也没有已授权的管理员"},
			{"the reviewers' accounts are disabled or deactivated", "审核人账号已停用或注销"},
		},
		Applicant: []Text{{"Ask the legal representative to register (without any review), or to sign in with the organization's certificate or e-licence and review.", "请法定代表人本人注册（无需审核），或以法人数字证书、电子营业执照登录审核。"}},
		Support: []Text{{"`farenctl login --certificate C --key K --operator-name N --operator-document-number D` or `farenctl login --e-licence --unit-code C --operator-name N --operator-document-number D`, then `farenctl review list`.",
			"`farenctl login --certificate C --key K --operator-name N --operator-document-number D` 或 `farenctl login --e-licence --unit-code C --operator-name N --operator-document-number D`，再 `farenctl review list`。"}},
		Guide:   []string{"二.1"},
		Phrases: []string{"没有审核人怎么办"},
	}},
	{"PASSWORD_ADVICE", Explanation{
		Meaning:   Text{"The password is taken, but holds something that others can guess.", "密码已接受，但含有容易被猜到的内容。"},
		Causes:    []Text{{"pinyin of the name, a phone number or the birth date in it", "含有姓名拼音、电话号码或出生日期"}},
		Applicant: []Text{{"Choose a better one, now or by recovery.", "建议更换密码，也可稍后通过找回重置。"}},
		Support:   []Text{{"`farenctl policy set password.advice strict --reason TEXT` refuses such passwords (role faren_admin).", "`farenctl policy set password.advice strict --reason TEXT` 可拒绝此类密码（faren_admin 角色）。"}},
		Guide:     []string{"一.1"},
		Phrases:   []string{"尽量不要以姓名拼音、电话号码以及出生日期等作为密码或者密码的组成部分"},
	}},
	{"PROJECT_CODE_CHECK", Explanation{
		Meaning:   Text{"The last character of a project code doesn't follow from the others; it was confirmed, or only checked.", "工程编码末位校验不符；已确认使用，或仅作核对。"},
		Causes:    []Text{{"a misread character", "字符看错"}, {"a code that was really issued so", "实际签发的编码如此"}},
		Applicant: []Text{{"Compare it once more with the stamped form.", "请与盖章表格再次核对。"}},
		Support:   []Text{{"Staff compare it with the proof: `farenctl review document <application> proof --out F.jpg --reason TEXT` (role faren_reviewer).", "比对人员与证明文件核对：`farenctl review document <application> proof --out F.jpg --reason TEXT`（faren_reviewer 角色）。"}},
		Guide:     []string{"一.4"},
	}},
	{"REGISTRATION_ENDED", Explanation{
		Meaning:   Text{"The person's last registration is over and they have no account; a new one may be begun.", "此人最近一次注册已结束，且没有账号，可重新申请。"},
		Causes:    []Text{{"a reviewer rejected it, it was withdrawn, or it was not finished in time", "被审核人拒绝、已撤回，或未在时限内完成"}, {"the organization gave the account to another person (`farenctl agent update`)", "本单位已将账号变更为他人使用（`farenctl agent update`）"}},
		Applicant: []Text{{"Register again; after a rejection speak with the reviewer first.", "请重新注册；被拒绝的请先与审核人沟通。"}},
		Support:   []Text{{"`farenctl register show <application>` tells how it ended and why (role faren_support); a new one: `farenctl register start --channel zhejiang` with its flags (role faren_registrar).", "`farenctl register show <application>` 查看结束方式和原因（faren_support 角色）；重新申请：`farenctl register start --channel zhejiang` 及其他选项（faren_registrar 角色）。"}},
		Guide:     []string{"二.2"},
	}},
	{"REGISTRATION_UNFINISHED", Explanation{
		Meaning:   Text{"The registration stopped at a step that is still to be done, so that there is no account to sign in with.", "注册停在尚未完成的步骤，还没有可登录的账号。"},
		Causes:    []Text{{"the organization is certified and the user not created, or the unit of a project is missing", "已完成信息认证而未创建用户，或项目工程尚未填写单位信息"}},
		Applicant: []Text{{"Go on where it stopped, within the time that is left.", "请在时限内从中断的步骤继续。"}},
		Support:   []Text{{"`farenctl register show <application>` tells the next command and until when (role faren_support).", "`farenctl register show <application>` 查看下一步命令和时限（faren_support 角色）。"}},
		Guide:     []string{"一.1", "一.2", "一.3", "一.4"},
	}},
	{"SMS_NOT_DELIVERED", Explanation{
		Meaning:   Text{"The message with the code is in the outbox, but no gateway is known to have taken it.", "验证码短信仍在发件箱中，没有网关确认已接收。"},
		Causes:    []Text{{"queued or sending: nothing dispatches, or no sender is set up", "待发送、发送中：发送任务未运行，或未配置发送方式"}, {"dead: the gateway refused it for good; unknown: it gave no answer", "发送失败：网关拒绝；结果不明：网关未答复"}},
		Applicant: []Text{{"Check the number, wait a minute, then ask for another code.", "请核对号码，一分钟后重新获取验证码。"}},
		Support:   []Text{{"`farenctl sms show <message>` and `farenctl sms retry <message>` (role faren_support); `farenctl sms dispatch --watch` has to run (role faren_registrar); `farenctl doctor` tries the sender.", "`farenctl sms show <message>`、`farenctl sms retry <message>`（faren_support 角色）；`farenctl sms dispatch --watch` 须保持运行（faren_registrar 角色）；`farenctl doctor` 检查发送方式。"}},
	}},
	{"USCC_ORGANIZATION_CODE_CHECK", Explanation{
		Meaning:   Text{"The organization code inside the USCC has an odd check character; the USCC as a whole is right, and real ones are like that.", "代码中的主体标识码（第9至17位）校验位不符，但整个代码正确，实际存在此类代码。"},
		Causes:    []Text{{"the organization code was given out that way", "该组织机构代码即如此签发"}},
		Applicant: []Text{{"Nothing, if it is as on the licence.", "与证照一致即可，无需处理。"}},
		Support:   []Text{{"The register decides: `farenctl registry show <unit-code>`.", "以登记信息为准：`farenctl registry show <unit-code>`。"}},
	}},
	{"USCC_PREFIX_UNKNOWN", Explanation{
		Meaning:   Text{"The first two characters of the USCC aren't among the known authorities and categories.", "代码前两位不在已知的登记管理部门和机构类别之内。"},
		Causes:    []Text{{"a new category, or a misread character that happens to fit", "新的机构类别，或看错的字符恰好通过校验"}},
		Applicant: []Text{{"Compare the code with the licence.", "请与证照核对代码。"}},
		Support:   []Text{{"The register decides: `farenctl registry show <unit-code>`.", "以登记信息为准：`farenctl registry show <unit-code>`。"}},
	}},
	{"USERNAME_MOBILE_OWNER", Explanation{
		Meaning:   Text{"A mobile as user name is taken only of its owner, which a check of form alone can't tell.", "以手机号作为用户名须为本人手机号，仅凭格式无法判断。"},
		Causes:    []Text{{"`farenctl verify format username <value>` with a mobile", "对手机号运行了 `farenctl verify format username <value>`"}},
		Applicant: []Text{{"Use the number that gets your codes, or another user name.", "请使用接收验证码的本人手机号，或更换用户名。"}},
		Support:   []Text{{"At registration it has to be the agent's: `farenctl register user <application> --username U --password-file F --phone P`.", "注册时须与经办人手机号一致：`farenctl register user <application> --username U --password-file F --phone P`。"}},
		Guide:     []string{"一.1"},
	}},
}
