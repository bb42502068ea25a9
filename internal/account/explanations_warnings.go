package account

// explanationsWarnings are those that end no command.
var explanationsWarnings = []explained{
	{"ENTITY_TYPE_PREFIX", Explanation{
		Meaning:   Text{"The first two characters of the unit code usually belong to another entity type; the registration goes on.", "代码前两位通常属于其他法人类型；注册可继续。"},
		Causes:    []Text{{"the entity type was chosen wrongly, or the organization is an exception", "法人类型选择有误，或该单位属于例外"}},
		Applicant: []Text{{"Look whether the entity type is that of the licence.", "请核对法人类型是否与证照一致。"}},
		Support:   []Text{{"`farenctl verify format uscc <value>` tells what the prefix means; a wrong choice is mended by `farenctl register withdraw <application>` and a new one.", "`farenctl verify format uscc <value>` 查看前缀含义；选错的可 `farenctl register withdraw <application>` 后重新申请。"}},
		Guide:     []string{"一.1"},
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
