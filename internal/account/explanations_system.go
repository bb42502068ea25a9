package account

// explanationsSystem are those of exit statuses from 69 on but input: what is under the rules, and who may.
var explanationsSystem = []explained{
	{"DATABASE_UNAVAILABLE", Explanation{
		Meaning:   Text{"farenctl can't reach its database, or is not let in.", "无法连接数据库，或数据库拒绝登录。"},
		Causes:    []Text{{"it doesn't run, or address, network, certificate, login or password file are wrong", "数据库未运行，或地址、网络、证书、用户、密码文件有误"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"`farenctl doctor` tries it step by step; `farenctl config show --origin` tells where the address is from.", "`farenctl doctor` 逐项检查；`farenctl config show --origin` 查看地址来源。"}},
		Phrases:   []string{"数据库连不上"},
	}},
	{"POSTGRES_MISSING", Explanation{
		Meaning:   Text{"The private server needs PostgreSQL's programs, and this machine has none.", "私有数据库服务需要 PostgreSQL 程序，而本机没有。"},
		Causes:    []Text{{"a new machine, or programs in an unusual place", "新机器，或程序安装在其他位置"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"Install Debian's package postgresql, set FARENCTL_PG_BIN, or name a database: `farenctl db status --database-url URL`.", "安装 postgresql 软件包、设置 FARENCTL_PG_BIN，或指定数据库：`farenctl db status --database-url URL`。"}},
	}},
	{"PROVIDER_UNAVAILABLE", Explanation{
		Meaning:   Text{"The identity provider for face checks or e-licences doesn't answer as it should; the check is not lost.", "人脸认证或电子营业执照服务暂不可用，已发起的认证不会丢失。"},
		Causes:    []Text{{"it is down, out of reach, or answers something that isn't its protocol", "服务停用、网络不通，或返回内容不符合协议"}},
		Applicant: []Text{{"Wait a few minutes, then scan again.", "请稍后重新扫码。"}},
		Support:   []Text{{"`farenctl doctor` tells what fails; `farenctl verify face wait <verification>` goes on with a check that was begun.", "`farenctl doctor` 查看原因；`farenctl verify face wait <verification>` 可继续等待已发起的认证。"}},
	}},
	{"SERVER_FAILED", Explanation{
		Meaning:   Text{"The private server of this machine didn't start.", "本机的私有数据库服务未能启动。"},
		Causes:    []Text{{"no space, wrong owner of its directory, or damaged files; its log tells", "磁盘空间不足、目录属主不符或文件损坏，详见日志"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"Read the log that the message names; `farenctl server status` and `farenctl doctor` tell the rest.", "查看错误信息所列日志；并运行 `farenctl server status` 和 `farenctl doctor`。"}},
	}},

	{"BATCH_IN_USE", Explanation{
		Meaning:   Text{"Another process works on the same batch file.", "另一进程正在处理同一批次文件。"},
		Causes:    []Text{{"the batch was started twice", "批次被启动了两次"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Wait for it; if it was killed, `farenctl register batch FILE --resume` goes on.", "请等待其结束；若已被终止，可运行 `farenctl register batch FILE --resume` 继续。"}},
	}},
	{"FIXTURE_BUSY", Explanation{
		Meaning:   Text{"Another process holds this namespace of test accounts.", "另一进程正占用该测试命名空间。"},
		Causes:    []Text{{"two jobs use one namespace, or a job was killed some minutes ago", "两个任务使用同一命名空间，或任务几分钟前被终止"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"A namespace of its own for each job; `farenctl fixture delete --namespace N --force` takes over (role faren_fixture).", "每个任务使用各自的命名空间；`farenctl fixture delete --namespace N --force` 可接管（faren_fixture 角色）。"}},
	}},
	{"TIMED_OUT", Explanation{
		Meaning:   Text{"The command got no answer within --timeout; a change may or may not have been made.", "命令在 --timeout 时限内未得到答复，更改可能已生效，也可能未生效。"},
		Causes:    []Text{{"a busy database or network, or a big import", "数据库或网络繁忙，或导入量大"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"Look first (`farenctl register show <application>`), or repeat under the same --idempotency-key, which does nothing twice; take a longer --timeout.", "请先查看（`farenctl register show <application>`），或以同一 --idempotency-key 重试（不会重复执行），并加长 --timeout。"}},
	}},
	{"TRY_AGAIN", Explanation{
		Meaning:   Text{"The database was too busy for this command even after several tries; nothing was changed.", "数据库繁忙，多次重试仍未完成，未作更改。"},
		Causes:    []Text{{"many processes change the same organization at once", "多个进程同时更改同一单位"}, {"the server restarts", "服务器正在重启"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"Run it again under the same --idempotency-key; `farenctl doctor` looks at the database.", "以同一 --idempotency-key 重试；`farenctl doctor` 检查数据库。"}},
	}},

	{"ATTEMPT_NOT_OPENED", Explanation{
		Meaning:   Text{"Whoever calls the database with SQL can take back what a call wrote, but not what it told. So a try is written down first.", "用 SQL 调用数据库者可以回滚写入的内容，却无法收回已得知的结果，因此每次尝试须先行记录。"},
		Causes:    []Text{{"sign_in or prove_recovery was called without api.open_attempt, with other content, in the same transaction, or more than a minute later", "直接调用 sign_in 或 prove_recovery：未先调用 api.open_attempt、内容不同、在同一事务中，或超过一分钟"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Use `farenctl login <username>` or `farenctl recover verify <recovery> --sms-code S`, which do both steps.", "请使用 `farenctl login <username>` 或 `farenctl recover verify <recovery> --sms-code S`，两步会自动完成。"}},
	}},
	{"FORBIDDEN", Explanation{
		Meaning:   Text{"The database login lacks the role for this command; the hint names the role.", "当前数据库用户没有执行此命令所需的角色，提示给出了角色。"},
		Causes:    []Text{{"support tries what reviewers or administrators do, or a job has another login than meant", "客服执行了审核员或管理员的操作，或任务使用了其他用户"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"A database administrator grants it, such as GRANT faren_support TO chen. The README tells what each role may; `farenctl whoami` is about sessions, not roles.", "由数据库管理员授权，例如 GRANT faren_support TO chen；各角色的权限见 README；`farenctl whoami` 显示的是会话而非角色。"}},
		Phrases:   []string{"没有权限", "permission denied"},
	}},
	{"NOT_A_REVIEWER", Explanation{
		Meaning: Text{"Applications are reviewed, and accounts cared for, by the legal representative, an authorised administrator, or the organization's certificate or e-licence; this session is none of them.", "仅法定代表人、已授权的管理员、法人数字证书或电子营业执照登录后可审核申请和管理账号。"},
		Causes: []Text{
			{"an agent's account that was never authorized", "经办人账号未获管理员授权"},
			{"the account was given to another agent, which ends the authorization", "账号变更经办人后，管理员授权随之取消"},
			{"an applicant's session, which sees its own application only", "申请人会话，只能查看本人申请"},
		},
		Applicant: []Text{{"Ask the legal representative to review, or to authorize you as administrator.", "请由法定代表人审核，或由其授权您为管理员。"}},
		Support:   []Text{{"The legal representative's session: `farenctl agent authorize <account>`. `farenctl agent list --unit-code C --role administrator` shows who may (role faren_support).", "法定代表人登录后运行 `farenctl agent authorize <account>`；`farenctl agent list --unit-code C --role administrator` 查看管理员（faren_support 角色）。"}},
		Guide:     []string{"二.1"},
		Phrases:   []string{"没有审核权限"},
	}},
	{"NOT_LEGAL_REPRESENTATIVE", Explanation{
		Meaning: Text{"Only the legal representative may do this: making administrators, caring for administrators' accounts, and the legal representative's own account.", "授权管理员、管理管理员账号、管理法定代表人本人账号等操作仅限法定代表人。"},
		Causes: []Text{
			{"an administrator's session changes an agent's data, an administrator, or the legal representative", "管理员变更经办人信息，或操作其他管理员、法定代表人账号"},
			{"a session by certificate or e-licence makes administrators or touches the legal representative's account", "以数字证书或电子营业执照登录后授权管理员，或操作法定代表人账号"},
		},
		Applicant: []Text{{"Ask the legal representative; for changing an agent the organization's certificate will do as well.", "请由法定代表人操作；变更经办人信息也可使用法人数字证书登录。"}},
		Support:   []Text{{"`farenctl login <username>` with the legal representative's account, or for `farenctl agent update <account>`: `farenctl login --certificate C --key K --operator-name N --operator-document-number D`.", "以法定代表人账号 `farenctl login <username>`；`farenctl agent update <account>` 也可在 `farenctl login --certificate C --key K --operator-name N --operator-document-number D` 后进行。"}},
		Guide:     []string{"一.5", "二.1"},
	}},
	{"OWN_ACCOUNT", Explanation{
		Meaning:   Text{"Nobody disables or enables their own account.", "不能停用或恢复本人的账号。"},
		Causes:    []Text{{"a reviewer named their own account", "审核人指定了本人的账号"}},
		Applicant: []Text{{"Let another reviewer do it.", "请由其他审核人操作。"}},
		Support:   []Text{{"Ending one's own for good is allowed: `farenctl agent deactivate <account>`.", "可以注销本人账号：`farenctl agent deactivate <account>`。"}},
		Guide:     []string{"二.1"},
	}},
	{"OWN_ACCOUNT_ADDED", Explanation{
		Meaning:   Text{"Whoever signed the organization in by certificate or e-licence can't give an account to themselves.", "以数字证书或电子营业执照登录的操作人不能为本人添加或变更账号。"},
		Causes:    []Text{{"operator and new agent have the same document, or the same name", "操作人与新经办人的证件或姓名相同"}},
		Applicant: []Text{{"Register, and let the legal representative or an administrator review it.", "请自行注册，由法定代表人或管理员审核。"}},
		Support:   []Text{{"Or another person signs in: `farenctl login --e-licence --unit-code C --operator-name N --operator-document-number D`.", "或由他人登录办理：`farenctl login --e-licence --unit-code C --operator-name N --operator-document-number D`。"}},
		Guide:     []string{"二.1"},
	}},
	{"OWN_APPLICATION", Explanation{
		Meaning:   Text{"Nobody reviews their own application, whatever session they use.", "任何登录方式都不能审核本人的申请。"},
		Causes:    []Text{{"the reviewer is the applicant, by document or, under certificate and e-licence, by name", "审核人即申请人（按证件判断；数字证书、电子营业执照登录时也按姓名）"}},
		Applicant: []Text{{"Let another reviewer decide. The legal representative needs no review: register as that person.", "请由其他审核人审核。法定代表人本人注册无需审核。"}},
		Support:   []Text{{"`farenctl agent list --unit-code C --role administrator` shows who else may.", "`farenctl agent list --unit-code C --role administrator` 查看其他管理员。"}},
		Guide:     []string{"二.1"},
	}},
	{"REVEAL_NOT_GRANTED", Explanation{
		Meaning: Text{"A sealed field or document is handed out only when it is on record, and committed, who asked for it and why; then to the same login, once, within a minute.", "加密字段或文件须先记入审计（查看人和原因）并提交后才会给出，且仅限同一数据库用户在一分钟内读取一次。"},
		Causes: []Text{
			{"plain SQL that reads without asking, or in the transaction that asks", "用 SQL 未先申请即读取，或在申请所在的同一事务中读取"},
			{"more than a minute passed, or it was read before", "已超过一分钟，或已读取过"},
		},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Use the commands, which do both: `farenctl register show <application> --reveal phone --reason TEXT`, `farenctl review document <application> <document> --out F.jpg --reason TEXT` (role faren_reviewer).", "请使用命令，由其完成两步：`farenctl register show <application> --reveal phone --reason TEXT`、`farenctl review document <application> <document> --out F.jpg --reason TEXT`（faren_reviewer 角色）。"}},
	}},

	{"CALENDAR_MISSING", Explanation{
		Meaning:   Text{"The working days of a year aren't loaded, so no deadline of a comparison can be told; farenctl doesn't guess.", "缺少某年的工作日数据，无法计算比对时限，程序不会估算。"},
		Causes:    []Text{{"the State Council's notice for the next year was not imported", "尚未导入国务院公布的下一年放假安排"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"`farenctl calendar list` shows the years; `farenctl calendar import FILE.csv` adds one (role faren_admin).", "`farenctl calendar list` 查看已有年份；`farenctl calendar import FILE.csv` 导入（faren_admin 角色）。"}},
		Guide:     []string{"一.3"},
	}},
	{"CERTIFICATES_NOT_CONFIGURED", Explanation{
		Meaning:   Text{"This farenctl isn't set up for sign-ins by certificate.", "当前未配置数字证书登录。"},
		Causes:    []Text{{"`certificate_authorities` or `certificate_crl` is not set", "未设置 `certificate_authorities` 或 `certificate_crl`"}},
		Applicant: []Text{{"Use the e-licence or the legal representative's account.", "请使用电子营业执照或法定代表人账号登录。"}},
		Support:   []Text{{"An administrator sets both, to files or `certificate_crl` to none; `farenctl doctor` checks them.", "管理员设置这两项（`certificate_crl` 可为 none）；用 `farenctl doctor` 检查。"}},
		Guide:     []string{"二.1"},
	}},
	{"CERTIFICATE_REVOCATION_UNKNOWN", Explanation{
		Meaning:   Text{"Whether the certificate was revoked can't be told, so it isn't taken.", "无法确认数字证书是否已吊销，因此不予接受。"},
		Causes:    []Text{{"the revocation list is past its date, or none of this authority is there", "吊销列表已过期，或没有该发证机构的列表"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"Renew the file of `certificate_crl`, by a daily job; `farenctl doctor` tells which list is old.", "请以每日任务更新 `certificate_crl` 指定的文件；`farenctl doctor` 指出过期的列表。"}},
	}},
	{"CONFIG_INVALID", Explanation{
		Meaning:   Text{"A setting can't work; the message names it.", "某项配置无效，错误信息给出了名称。"},
		Causes:    []Text{{"a misspelt key or value in profile or environment, or a file that can't be read", "配置文件或环境变量中的名称、取值有误，或文件无法读取"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"`farenctl config show --origin` tells every setting and where it is from; `farenctl help environment` lists the variables.", "`farenctl config show --origin` 查看各项配置及来源；`farenctl help environment` 列出环境变量。"}},
	}},
	{"DOCTOR_FAILED", Explanation{
		Meaning:   Text{"`farenctl doctor` found something that doesn't work.", "`farenctl doctor` 发现了问题。"},
		Causes:    []Text{{"each line names its check and code", "各行给出检查项和代码"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Do what the lines say, from the first on: later checks need earlier ones. Run `farenctl doctor` again.", "按各行提示自上而下处理（后面的检查依赖前面的），再运行 `farenctl doctor`。"}},
	}},
	{"FILE_PERMISSIONS", Explanation{
		Meaning:   Text{"A file with a secret can be read by others, so farenctl doesn't use it.", "含有机密的文件可被他人读取，程序拒绝使用。"},
		Causes:    []Text{{"it was made with the usual mode 0644, or copied", "以默认权限 0644 创建，或经过复制"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"chmod 600 on the file, as its owner; afterwards `farenctl doctor`.", "由文件属主运行 chmod 600，再运行 `farenctl doctor`。"}},
	}},
	{"FILE_UNWRITABLE", Explanation{
		Meaning:   Text{"A report, journal or other file of the run can't be written.", "报告、日志等文件无法写入。"},
		Causes:    []Text{{"no such directory, no right to write, or a full disk", "目录不存在、没有写权限或磁盘已满"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Name another place, such as `farenctl register batch FILE --state S --report R.jsonl`; a run that stopped goes on with --resume.", "更换位置，例如 `farenctl register batch FILE --state S --report R.jsonl`；中断的运行可加 --resume 继续。"}},
	}},
	{"KEYRING_INDEX_ONLY", Explanation{
		Meaning:   Text{"The keyring of this login can search, but the command has to seal or open data.", "当前密钥环只能检索，而此命令需要加密或解密。"},
		Causes:    []Text{{"support's keyring was used to register, send or reveal", "使用客服的密钥环进行了注册、发送或明文查看"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Leave it to whoever holds the full keyring; `farenctl config show --origin` tells which file is used.", "请由持有完整密钥环的人员办理；`farenctl config show --origin` 查看所用文件。"}},
	}},
	{"KEYRING_INVALID", Explanation{
		Meaning:   Text{"The keyring file can't be read as one.", "密钥环文件无法识别。"},
		Causes:    []Text{{"it is damaged, cut short, or another file", "文件损坏、不完整，或为其他文件"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"Restore it from a backup, then `farenctl doctor`. Never make a new one for an old database: nothing sealed could be opened.", "从备份恢复后运行 `farenctl doctor`；切勿为已有数据库新建密钥环，否则已加密的数据无法打开。"}},
	}},
	{"KEYRING_MISMATCH", Explanation{
		Meaning:   Text{"The keyring belongs to another database.", "密钥环属于其他数据库。"},
		Causes:    []Text{{"the profile names one environment's database and another's keyring", "配置中的数据库与密钥环分属不同环境"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"Set FARENCTL_KEYRING or the profile to the right file; `farenctl doctor` tells whether it fits.", "将 FARENCTL_KEYRING 或配置改为正确的文件；`farenctl doctor` 检查是否匹配。"}},
	}},
	{"KEYRING_MISSING", Explanation{
		Meaning:   Text{"There is no keyring file, without which nothing is sealed or found by name, phone or document.", "没有密钥环文件，无法加密，也无法按姓名、手机号、证件查找。"},
		Causes:    []Text{{"this login never got a copy, or the path is another", "当前用户没有副本，或路径不符"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"Get a copy with mode 0600 from whoever ran `farenctl db init`; `farenctl config show --origin` tells where it is looked for. Ids work without.", "向运行 `farenctl db init` 的人员索取副本（权限 0600）；`farenctl config show --origin` 查看查找位置。按编号查看无需密钥环。"}},
	}},
	{"PROVIDER_REFUSED", Explanation{
		Meaning:   Text{"The identity provider doesn't accept farenctl as its client.", "身份认证服务不接受本程序的客户端身份。"},
		Causes:    []Text{{"wrong client id or secret, or the device grant is not allowed to it", "客户端编号或密钥有误，或未开通设备授权"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"Ask the provider; check `identity.client_id` with `farenctl config show --origin`, then `farenctl doctor`.", "请联系服务方；以 `farenctl config show --origin` 核对 `identity.client_id`，再运行 `farenctl doctor`。"}},
	}},
	{"SCHEMA_MISSING", Explanation{
		Meaning:   Text{"The database is there, but farenctl was never set up in it.", "数据库存在，但尚未初始化。"},
		Causes:    []Text{{"a new database, or the address of another", "新数据库，或地址指向其他数据库"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"As superuser or owner of the database: `farenctl db init --environment production`.", "以超级用户或数据库属主运行 `farenctl db init --environment production`。"}},
	}},
	{"SCHEMA_NEWER", Explanation{
		Meaning:   Text{"The database was upgraded by a newer farenctl than this one.", "数据库已由更新版本的程序升级。"},
		Causes:    []Text{{"this machine's program was forgotten at the upgrade", "升级时遗漏了本机的程序"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"Install the newer program; `farenctl version` and `farenctl db status` tell both versions.", "请安装新版本；`farenctl version` 和 `farenctl db status` 查看两者版本。"}},
	}},
	{"SCHEMA_OLDER", Explanation{
		Meaning:   Text{"The program was upgraded and the database not yet.", "程序已升级，而数据库尚未升级。"},
		Causes:    []Text{{"`farenctl db migrate` was not run after the upgrade", "升级后未运行 `farenctl db migrate`"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"As the login that set the database up: `farenctl db migrate`.", "以初始化数据库的用户运行 `farenctl db migrate`。"}},
	}},
	{"SECRET_IN_CONFIGURATION", Explanation{
		Meaning:   Text{"A profile or variable holds a secret itself instead of the name of its file.", "配置文件或环境变量中直接写入了机密。"},
		Causes:    []Text{{"client_secret, access key secret or a password was pasted there", "写入了客户端密钥、访问密钥或密码"}},
		Applicant: []Text{applicantNone},
		Support:   []Text{{"Write it into a file of mode 0600 and name that; `farenctl help environment` has the names. Change the secret if others could read it.", "写入权限 0600 的文件并指定该文件；名称见 `farenctl help environment`。若可能已被他人看到，请更换。"}},
	}},
	{"SMS_SENDER_MISSING", Explanation{
		Meaning:   Text{"Messages are kept in the outbox and nobody sends them.", "短信只保存在发件箱，没有配置发送方式。"},
		Causes:    []Text{{"`sms.sender` is outbox, the default", "`sms.sender` 为默认值 outbox"}},
		Applicant: []Text{applicantWaits},
		Support:   []Text{{"Set `sms.sender` to http or aliyun, check with `farenctl doctor`, then `farenctl sms dispatch --watch` (role faren_registrar).", "将 `sms.sender` 设为 http 或 aliyun，以 `farenctl doctor` 检查，再运行 `farenctl sms dispatch --watch`（faren_registrar 角色）。"}},
	}},

	{"INTERRUPTED", Explanation{
		Meaning:   Text{"The command was ended from outside, by Ctrl-C or a signal.", "命令被 Ctrl-C 或信号中断。"},
		Causes:    []Text{{"somebody or a job's time limit stopped it", "由人员或任务时限终止"}},
		Applicant: []Text{{"Go on where it stopped.", "请从中断处继续。"}},
		Support:   []Text{{"`farenctl register show <application>` tells how far it got; `farenctl register batch FILE --resume` goes on.", "`farenctl register show <application>` 查看进度；`farenctl register batch FILE --resume` 继续批次。"}},
	}},
}
