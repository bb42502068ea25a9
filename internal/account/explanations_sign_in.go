package account

// Where the applicant of a certificate's refusal turns to.
var certificateAuthority = Text{"Ask the certificate's authority; the legal representative, finance or the office usually keeps the certificate.", "请咨询发证机构；法人数字证书一般由法定代表人或财务、办公室等关键岗位人员保管。"}

// explanationsSignIn are those of exit status 4.
var explanationsSignIn = []explained{
	{"ACCOUNT_LOCKED", Explanation{
		Meaning:   Text{"Too many wrong passwords have locked sign-ins under this user name for a while.", "该用户名密码错误次数过多，暂时不能登录。"},
		Causes:    []Text{{"five failures within five minutes lock it for thirty minutes (policies `sign_in.failures`, `sign_in.window`, `sign_in.lock`)", "五分钟内失败五次即锁定三十分钟（规则参数 `sign_in.failures`、`sign_in.window`、`sign_in.lock`）"}},
		Applicant: []Text{{"Wait until the time in the message, or reset the password: that ends the lock at once.", "请等到提示的时间，或重置密码（重置后立即解除锁定）。"}},
		Support: []Text{
			{"Once the caller is known: `farenctl agent unlock <account>` (role faren_support).", "核实身份后运行 `farenctl agent unlock <account>`（faren_support 角色）。"},
			{"Reset: `farenctl recover start --by username --username U` (role faren_registrar).", "重置密码：`farenctl recover start --by username --username U`（faren_registrar 角色）。"},
		},
		Guide:   []string{"一.5"},
		Phrases: []string{"账号被锁定", "账号被锁了怎么办", "the account is locked"},
	}},
	{"ACCOUNT_NOT_ACTIVE", Explanation{
		Meaning: Text{"The password is right, but the account can't be used now; the message names its state.", "密码正确，但账号目前不能使用，提示中给出了状态。"},
		Causes: []Text{
			{"pending-review: the legal representative or an administrator has not decided yet", "待审核：法定代表人或管理员尚未审核"},
			{"awaiting-identity, pending: the agent's face check is missing", "待人脸认证：经办人尚未完成人脸认证"},
			{"disabled, deactivated: the organization has ended its use", "已停用、已注销：本单位已停用或注销该账号"},
		},
		Applicant: []Text{{"Do the face check, or ask the legal representative or an administrator to review or enable the account.", "请完成人脸认证，或请本单位法定代表人、管理员审核或恢复账号。"}},
		Support: []Text{
			{"`farenctl register show <application>` or `farenctl agent show <account>` tells what is missing (role faren_support).", "运行 `farenctl register show <application>` 或 `farenctl agent show <account>` 查看原因（faren_support 角色）。"},
			{"A reviewer's session enables a disabled one: `farenctl agent enable <account>`.", "已停用的由审核人登录后恢复：`farenctl agent enable <account>`。"},
		},
		Guide: []string{"一.1", "二.1"},
	}},
	{"CERTIFICATE_EXPIRED", Explanation{
		Meaning:   Text{"The organization's certificate is past its last day.", "法人数字证书已超过有效期。"},
		Causes:    []Text{{"it was not renewed in time", "未及时更新证书"}},
		Applicant: []Text{{"Renew it with its authority, or let the legal representative sign in.", "请向发证机构更新证书，或由法定代表人账号登录。"}},
		Support:   []Text{{"The rules' clock decides: `farenctl clock show`. With a new one: `farenctl login --certificate C --key K --operator-name N --operator-document-number D`.", "有效期按规则时钟判断：`farenctl clock show`。更新后运行 `farenctl login --certificate C --key K --operator-name N --operator-document-number D`。"}},
		Guide:     []string{"一.5", "二.1"},
	}},
	{"CERTIFICATE_KEY_MISMATCH", Explanation{
		Meaning:   Text{"The private key is not the one that was made with the certificate.", "私钥与数字证书不是一对。"},
		Causes:    []Text{{"the key of an older or another certificate was named", "使用了旧证书或其他证书的私钥"}},
		Applicant: []Text{certificateAuthority},
		Support:   []Text{{"Name the right file with --key, or the PKCS#12 file, which holds both: `farenctl login --certificate unit.p12 --key-password-file F --operator-name N --operator-document-number D`.", "用 --key 指定正确的私钥，或使用同时含证书和私钥的 PKCS#12 文件：`farenctl login --certificate unit.p12 --key-password-file F --operator-name N --operator-document-number D`。"}},
		Guide:     []string{"一.5"},
	}},
	{"CERTIFICATE_NOT_YET_VALID", Explanation{
		Meaning:   Text{"The certificate's time begins later than now.", "数字证书的生效时间晚于当前时间。"},
		Causes:    []Text{{"a renewed certificate is used before its day", "提前使用了新证书"}, {"the test clock was set back", "测试时钟被调早"}},
		Applicant: []Text{{"Use the certificate that is valid now.", "请使用当前有效的证书。"}},
		Support:   []Text{{"`farenctl clock show` tells the time that counts; outside production `farenctl clock reset` ends a test clock (role faren_fixture).", "`farenctl clock show` 查看规则时钟；非生产环境可用 `farenctl clock reset` 恢复真实时间（faren_fixture 角色）。"}},
		Guide:     []string{"一.5"},
	}},
	{"CERTIFICATE_NO_UNIT_CODE", Explanation{
		Meaning:   Text{"The subject of the certificate has no unit code, or several, where farenctl looks.", "数字证书主题的指定属性中没有单位编号，或有多个。"},
		Causes:    []Text{{"a person's certificate instead of the organization's", "使用了个人证书而非法人数字证书"}, {"this authority keeps the code in another attribute", "该发证机构将编号写在其他属性中"}},
		Applicant: []Text{{"Use the organization's certificate.", "请使用法人数字证书。"}},
		Support:   []Text{{"An administrator sets `certificate_unit_code` to the attribute that has it; `farenctl config show --origin` tells the present one.", "管理员将 `certificate_unit_code` 设为编号所在属性；`farenctl config show --origin` 可查看当前值。"}},
		Guide:     []string{"一.5"},
	}},
	{"CERTIFICATE_PASSWORD", Explanation{
		Meaning:   Text{"The key is encrypted, and the password for it is wrong or missing.", "私钥已加密，口令错误或未提供。"},
		Causes:    []Text{{"a wrong password, or a password file with something more in it", "口令错误，或口令文件含有多余内容"}},
		Applicant: []Text{{"Ask whoever keeps the certificate for the password.", "请向证书保管人员确认口令。"}},
		Support:   []Text{{"Name a file with the password alone: `farenctl login --certificate C --key K --key-password-file F --operator-name N --operator-document-number D`.", "用文件提供口令：`farenctl login --certificate C --key K --key-password-file F --operator-name N --operator-document-number D`。"}},
		Guide:     []string{"一.5"},
	}},
	{"CERTIFICATE_REVOKED", Explanation{
		Meaning:   Text{"The authority has revoked the certificate.", "发证机构已吊销该数字证书。"},
		Causes:    []Text{{"it was lost, replaced, or the organization has changed", "证书遗失、已更换，或单位信息变更"}},
		Applicant: []Text{{"Use the new certificate, or ask its authority why it was revoked.", "请使用新证书，或向发证机构咨询吊销原因。"}},
		Support:   []Text{{"Nothing overrides it. Other ways in: the legal representative's account, or `farenctl login --e-licence --unit-code C --operator-name N --operator-document-number D`.", "不能绕过。可改用法定代表人账号，或 `farenctl login --e-licence --unit-code C --operator-name N --operator-document-number D`。"}},
		Guide:     []string{"一.5", "二.1"},
	}},
	{"CERTIFICATE_SELF_SIGNED", Explanation{
		Meaning:   Text{"The certificate vouches for itself; no authority stands behind it.", "数字证书由自身签发，没有发证机构担保。"},
		Causes:    []Text{{"a certificate for tests, or a root certificate instead of the organization's", "使用了测试证书，或误用了根证书"}},
		Applicant: []Text{certificateAuthority},
		Support:   []Text{{"Ask for the file that the authority issued. `farenctl doctor` shows which authorities are configured.", "请提供发证机构签发的证书文件；`farenctl doctor` 可查看已配置的发证机构。"}},
		Guide:     []string{"一.5"},
	}},
	{"CERTIFICATE_SIGNATURE", Explanation{
		Meaning:   Text{"The signature from the token doesn't fit the certificate and the challenge.", "令牌给出的签名与数字证书、待签内容不符。"},
		Causes:    []Text{{"the challenge was changed on the way, for instance by a line break", "待签内容在签名前被改动（例如多了换行）"}, {"another key or another method signed it", "使用了其他密钥或签名算法"}},
		Applicant: []Text{{"Sign the file as it is, with SHA-256.", "请对原文件以 SHA-256 签名，勿改动内容。"}},
		Support:   []Text{{"Begin again: `farenctl verify certificate start --unit-code C --operator-name N --operator-document-number D --out F`; each challenge is good once, for ten minutes.", "重新开始：`farenctl verify certificate start --unit-code C --operator-name N --operator-document-number D --out F`；每份待签内容十分钟内一次有效。"}},
		Guide:     []string{"一.5"},
	}},
	{"CERTIFICATE_UNTRUSTED", Explanation{
		Meaning:   Text{"None of the configured authorities has issued the certificate.", "数字证书不是由已配置的发证机构签发。"},
		Causes:    []Text{{"an authority that is not configured here", "发证机构未在此配置"}, {"the certificates between authority and organization are missing in the file", "证书文件缺少中间证书"}},
		Applicant: []Text{certificateAuthority},
		Support:   []Text{{"Put the certificates between into the certificate's file, or add the authority to the file of `certificate_authorities`; `farenctl doctor` checks it.", "将中间证书加入证书文件，或将发证机构加入 `certificate_authorities` 指定的文件；用 `farenctl doctor` 检查。"}},
		Guide:     []string{"一.5"},
	}},
	{"CERTIFICATE_USAGE", Explanation{
		Meaning:   Text{"The certificate was issued for something else than signing in.", "数字证书的用途不包括登录。"},
		Causes:    []Text{{"an encryption or seal certificate: it lacks digitalSignature, or clientAuth among its extended usages", "使用了加密证书或签章证书：缺少 digitalSignature，或扩展用途中没有 clientAuth"}},
		Applicant: []Text{{"Use the organization's signing certificate.", "请使用法人数字证书中的签名证书。"}},
		Support:   []Text{{"Tokens often hold two certificates: let the holder export the one for signing. Then `farenctl login --certificate C --key K --operator-name N --operator-document-number D`.", "令牌中常有两张证书，请保管人导出签名证书，再运行 `farenctl login --certificate C --key K --operator-name N --operator-document-number D`。"}},
		Guide:     []string{"一.5"},
	}},
	{"INVALID_CREDENTIALS", Explanation{
		Meaning: Text{"User name and password don't fit together; which of them is wrong is never told.", "用户名与密码不匹配；出于安全考虑不提示哪一项有误。"},
		Causes: []Text{
			{"a typing mistake: passwords tell upper and lower case apart", "输入有误：密码区分大小写"},
			{"the application expired or was rejected, so that the user name is gone", "注册申请已过期或被拒绝，该用户名已不存在"},
			{"the account went to another agent, whose password has to be reset first", "账号已变更经办人，须先重置密码"},
		},
		Applicant: []Text{{"Check both; else get the password back by user name, or the user name by mobile or document number and unit code.", "请核对；忘记密码可按用户名找回，忘记用户名可按手机号或身份证号和单位编号找回。"}},
		Support: []Text{
			{"`farenctl recover start --by username --username U`, or `farenctl recover start --by phone --phone P --unit-code C` (role faren_registrar).", "`farenctl recover start --by username --username U`，或 `farenctl recover start --by phone --phone P --unit-code C`（faren_registrar 角色）。"},
			{"`farenctl agent list --unit-code C` tells whether there is an account (role faren_support).", "`farenctl agent list --unit-code C` 可查看账号是否存在（faren_support 角色）。"},
		},
		Guide:   []string{"一.5", "五"},
		Phrases: []string{"密码错误", "用户名或密码不正确"},
	}},
	{"NOT_SIGNED_IN", Explanation{
		Meaning:   Text{"The step is done in the organization's name and needs a session.", "此操作以单位名义进行，须先登录。"},
		Causes:    []Text{{"nobody is signed in on this machine, or under another --session-file", "本机尚未登录，或登录在其他 --session-file 中"}},
		Applicant: []Text{{"Sign in as the legal representative or an administrator, or with the organization's certificate or e-licence.", "请以法定代表人或管理员账号，或法人数字证书、电子营业执照登录。"}},
		Support:   []Text{{"`farenctl login <username>`, then `farenctl whoami` (role faren_registrar).", "运行 `farenctl login <username>`，再用 `farenctl whoami` 确认（faren_registrar 角色）。"}},
		Guide:     []string{"二.1", "五"},
	}},
	{"OTHER_ORGANIZATION", Explanation{
		Meaning:   Text{"The certificate or e-licence proves another organization than the one that signs in.", "数字证书或电子营业执照证明的是其他单位。"},
		Causes:    []Text{{"the certificate or e-licence of another organization of the same person was used", "使用了本人名下其他单位的证书或电子营业执照"}, {"a misspelt --unit-code", "--unit-code 填写有误"}},
		Applicant: []Text{{"Choose the e-licence or certificate of this organization.", "请选择本单位的电子营业执照或数字证书。"}},
		Support:   []Text{{"`farenctl registry show <unit-code>` shows, masked, which organization the code means.", "运行 `farenctl registry show <unit-code>` 查看该编号对应的单位（脱敏）。"}},
		Guide:     []string{"二.1"},
	}},
	{"SESSION_ENDED", Explanation{
		Meaning: Text{"The session was ended before its time.", "会话已被结束。"},
		Causes: []Text{
			{"it was signed out, or support ended it", "已退出登录，或由客服结束"},
			{"the password was reset, or the account was disabled, deactivated or given to another agent", "密码已重置，或账号被停用、注销、变更经办人"},
		},
		Applicant: []Text{{"Sign in again. If that wasn't you, reset the password.", "请重新登录；如非本人操作，请重置密码。"}},
		Support:   []Text{{"`farenctl session list` tells when it ended (role faren_support); then `farenctl login <username>`.", "`farenctl session list` 可查看结束情况（faren_support 角色）；再运行 `farenctl login <username>`。"}},
		Guide:     []string{"五"},
	}},
	{"SESSION_EXPIRED", Explanation{
		Meaning:   Text{"The session is past its time.", "会话已超过有效期。"},
		Causes:    []Text{{"it was not used for thirty minutes, or is eight hours old (policies `session.idle`, `session.lifetime`)", "三十分钟未使用，或已登录满八小时（规则参数 `session.idle`、`session.lifetime`）"}},
		Applicant: []Text{{"Sign in again.", "请重新登录。"}},
		Support:   []Text{{"`farenctl login <username>`. Scripts sign in at their beginning.", "运行 `farenctl login <username>`。脚本请在开始时登录。"}},
		Guide:     []string{"五"},
	}},
	{"SIGN_IN_EXPIRED", Explanation{
		Meaning:   Text{"The proof of the certificate or e-licence came too late.", "数字证书或电子营业执照的验证超过了时限。"},
		Causes:    []Text{{"the code was not scanned, or the challenge not signed, within ten minutes (policy `identity.lifetime`), or sooner where the provider waits less", "未在十分钟内扫码或签名（规则参数 `identity.lifetime`，服务方时限更短时以其为准）"}},
		Applicant: []Text{{"Begin again and scan at once.", "请重新登录并及时扫码。"}},
		Support:   []Text{{"`farenctl login --e-licence --unit-code C --operator-name N --operator-document-number D`, with a longer --timeout when the person needs time.", "运行 `farenctl login --e-licence --unit-code C --operator-name N --operator-document-number D`，需要时加长 --timeout。"}},
		Guide:     []string{"二.1"},
	}},
	{"SIGN_IN_NOT_PROVEN", Explanation{
		Meaning:   Text{"The sign-in by certificate or e-licence has not passed, so no session was opened.", "数字证书或电子营业执照登录未通过验证，未建立会话。"},
		Causes:    []Text{{"the person declined, the check failed, or it is still under way", "本人取消、验证失败，或仍在进行中"}},
		Applicant: []Text{{"Begin again and confirm in the app.", "请重新登录并在手机上确认。"}},
		Support:   []Text{{"`farenctl verify face status <verification>` tells what went wrong.", "运行 `farenctl verify face status <verification>` 查看原因。"}},
		Guide:     []string{"二.1"},
	}},
	{"SIGN_IN_USED", Explanation{
		Meaning:   Text{"The challenge or check has opened a session before; each is good once.", "该待签内容或验证已使用过，每次仅一次有效。"},
		Causes:    []Text{{"the same --verification was answered twice", "同一 --verification 被使用了两次"}},
		Applicant: []Text{{"Begin the sign-in again.", "请重新开始登录。"}},
		Support:   []Text{{"`farenctl verify certificate start --unit-code C --operator-name N --operator-document-number D --out F` makes a new one.", "运行 `farenctl verify certificate start --unit-code C --operator-name N --operator-document-number D --out F` 重新生成。"}},
		Guide:     []string{"二.1"},
	}},
}
