package account

// TermList names a closed list of codes, whose Chinese words stand in tables. The same code may mean something else in another list.
type TermList string

// The lists.
const (
	ApplicationTerms  TermList = "application status"
	AccountTerms      TermList = "account status"
	RoleTerms         TermList = "role"
	ChannelTerms      TermList = "channel"
	ReviewTerms       TermList = "review kind"
	CheckTerms        TermList = "face check status"
	PurposeTerms      TermList = "purpose"
	ProviderTerms     TermList = "provider"
	FailureTerms      TermList = "failure of a face check"
	RecoveryTerms     TermList = "recovery status"
	MethodTerms       TermList = "recovery method"
	SessionTerms      TermList = "session status"
	SessionKindTerms  TermList = "session kind"
	SMSTerms          TermList = "message status"
	SMSKindTerms      TermList = "message kind"
	SMSFailureTerms   TermList = "failure of a message"
	SMSCodeTerms      TermList = "SMS code status"
	RegisterTerms     TermList = "register status"
	DocumentTerms     TermList = "document kind"
	DocumentTypeTerms TermList = "document type"
	DayTerms          TermList = "day type"
	CalendarTerms     TermList = "calendar source"
	FindingTerms      TermList = "finding"
	FindingNameTerms  TermList = "finding's check"
	SchemaTerms       TermList = "schema state"
	EnvironmentTerms  TermList = "environment"
	BooleanTerms      TermList = "boolean"
	ExplanationTerms  TermList = "kind of explanation"
	RuleTerms         TermList = "result of a rule"
	WhenTerms         TermList = "step of a cause"
	SessionOfTerms    TermList = "session of a remedy"
	OutcomeTerms      TermList = "outcome of an event"
	AuditTerms        TermList = "state of the audit"
	LeavesTerms       TermList = "leaves of the audit"
	DifferenceTerms   TermList = "difference of an event"
	SubjectTerms      TermList = "subject of an event"
	SourceTerms       TermList = "source of an event"
	PartTerms         TermList = "part in an event"
	LoginWarningTerms TermList = "warning about a login"
	KeyTerms          TermList = "key status"
	KeyKindTerms      TermList = "kind of key"
)

// Term gives the word of a code for people; in English, and where the list has none, that is the code.
func Term(lang Language, list TermList, code string) string {
	if word, ok := terms[list][code]; ok && lang == Chinese {
		return word
	}
	return code
}

// terms are the Chinese words of codes, as the portal guide has them where it has. In data, and where a value is to be typed, codes stay.
var terms = map[TermList]map[string]string{
	LoginWarningTerms: {
		"superuser":   "超级用户",
		"createrole":  "可创建角色",
		"createdb":    "可创建数据库",
		"replication": "可复制",
		"bypassrls":   "绕过行级安全",
		"owner":       "可充当所有者",
		"expired":     "密码已过期",
		"noinherit":   "角色未自动生效",
	},
	ApplicationTerms: {
		Certified:         "已完成信息认证",
		AwaitingIdentity:  "待人脸认证",
		AwaitingUnit:      "待填写单位信息",
		AwaitingUser:      "待创建用户",
		PendingReview:     "待审核",
		PendingComparison: "待比对",
		Mismatched:        "比对不通过",
		Approved:          "审核通过",
		Rejected:          "已拒绝",
		Withdrawn:         "已撤回",
		Expired:           "已过期",
	},
	AccountTerms: {
		AccountPending:     "待人脸认证",
		AccountActive:      "正常",
		AccountLocked:      "已锁定",
		AccountDisabled:    "已停用",
		AccountDeactivated: "已注销",
	},
	RoleTerms:    {RoleRepresentative: "法定代表人", RoleAdministrator: "管理员", RoleAgent: "经办人"},
	ChannelTerms: {string(Zhejiang): "浙江省内", string(OtherProvince): "非浙江省", string(Overseas): "境外", string(Project): "工程项目"},
	ReviewTerms:  {ReviewNone: "无需审核", ReviewOrganization: "单位审核", ReviewComparison: "人工比对"},
	CheckTerms: {
		Pending: "进行中", Passed: "已通过", Failed: "未通过", ManualReview: "待人工认定", Expired: "已过期",
	},
	PurposeTerms: {
		PurposeRegister: "注册", PurposeReview: "审核", PurposeRecover: "找回", PurposeAgent: "经办人认证", PurposeSignIn: "单位登录",
		PurposeAgentAdd: "添加经办人", PurposeAgentUpdate: "变更经办人",
	},
	ProviderTerms: {"sandbox": "沙箱", "certificate": "数字证书"},
	FailureTerms: {
		"face-check":         "人脸比对未通过",
		"denied":             "本人拒绝",
		"resolved":           "人工认定未通过",
		"identity-mismatch":  "与申请人员不一致",
		"other-organization": "属于其他单位",
		"code-spent":         "设备码已被使用",
		"token-signature":    "令牌签名无效",
		"token-issuer":       "令牌签发方不符",
		"token-audience":     "令牌客户端不符",
		"token-expired":      "令牌已过期",
		"token-time":         "认证早于发起时间",
		"token-amr":          "认证方式不符",
		"token-claims":       "令牌缺少身份信息",
		"token-missing":      "服务方未返回令牌",
		"token-replayed":     "令牌已被使用",
	},
	RecoveryTerms:    {RecoveryStarted: "待验证", RecoveryProven: "已验证", RecoveryReset: "已重置密码", Expired: "已过期"},
	MethodTerms:      {"username": "用户名", "phone": "手机号", "document": "证件号码", "sms": "短信验证码", "face": "人脸认证"},
	SessionTerms:     {"active": "有效", "ended": "已结束", "revoked": "已结束", "expired": "已过期"},
	SessionKindTerms: {"password": "密码", "certificate": "数字证书", "e-licence": "电子营业执照"},
	SMSTerms:         {"queued": "待发送", "sending": "发送中", "sent": "已发送", "dead": "发送失败", "unknown": "结果不明"},
	SMSKindTerms: {
		"code": "验证码", "review-requested": "待审核提醒", "approved": "审核通过", "rejected": "审核拒绝", "comparison-passed": "比对通过",
		"comparison-failed": "比对不通过", "agent-changed": "账号变更", "password-reset": "密码重置", "deactivated": "账号注销",
	},
	SMSFailureTerms: {
		"timeout": "响应超时", "unreachable": "无法连接", "cut": "连接中断", "unreadable": "响应无法识别", "no-template": "未配置模板",
		"expired": "验证码已过期", "number-changed": "手机号已变更", "claim-ran-out": "发送进程未报告结果",
	},
	SMSCodeTerms:  {CodeLive: "有效", CodeUsed: "已使用", CodeExpired: "已过期", CodeSuperseded: "已被取代", CodeExhausted: "次数用尽"},
	RegisterTerms: {"active": "存续", "revoked": "已吊销", "cancelled": "已注销"},
	DocumentTerms: {DocumentLicence: "单位证照", DocumentAgent: "经办人证件", DocumentProof: "盖章证明"},
	DocumentTypeTerms: {
		"resident-id":           "居民身份证",
		"hmt-residence-permit":  "港澳台居民居住证",
		"foreign-pr-card":       "外国人永久居留身份证",
		"hk-macao-permit":       "港澳居民来往内地通行证",
		"taiwan-permit":         "台湾居民来往大陆通行证",
		"passport":              "护照",
		"military-officer-card": "军官证",
	},
	DayTerms:      {DayOff: "放假", DayWork: "上班"},
	CalendarTerms: {"statutory": "法定安排"},
	FindingTerms:  {"ok": "正常", "warning": "须留意", "failed": "未通过", "skipped": "未检查"},
	FindingNameTerms: {
		"configuration": "配置", "database": "数据库", "transport": "传输安全", "clock": "时钟", "schema": "数据库版本", "environment": "环境",
		"calendar": "工作日历", "keyring": "密钥环", "session_file": "会话文件", "certificates": "数字证书", "identity": "人脸认证服务",
		"e_licence": "电子营业执照", "sms": "短信发送", "roles": "角色权限", "test_clock": "测试时钟", "outbox": "短信发件箱", "audit": "审计",
		"disk": "磁盘空间",
	},
	SchemaTerms:      {"missing": "未初始化", "current": "一致", "older": "低于程序", "newer": "高于程序"},
	EnvironmentTerms: {"development": "开发", "test": "测试", "staging": "预发布", "production": "生产"},
	BooleanTerms:     {"true": "是", "false": "否"},
	ExplanationTerms: {"refusal": "错误", "warning": "警告", "situation": "情形"},
	RuleTerms:        {RulePass: "通过", RuleFail: "未通过", RuleWarning: "提醒", RuleNotChecked: "未检查"},
	WhenTerms: {
		WhenRegister: "注册", WhenSignIn: "登录", WhenFaceCheck: "人脸认证", WhenSMSCode: "短信验证码", WhenAgentAdd: "添加经办人", WhenReview: "审核",
		WhenComparison: "人工比对", WhenRecovery: "找回", WhenSession: "会话",
	},
	KeyTerms:       {KeyActive: "使用中", KeyOld: "仅解密", KeyMissing: "缺失", KeyRetired: "已停用"},
	KeyKindTerms:   {KeySealing: "加密密钥", KeyIndex: "索引密钥"},
	SessionOfTerms: {"reviewer": "审核人", "legal-representative": "法定代表人"},
	OutcomeTerms:   {"done": "完成", Refused: "被拒绝"},
	AuditTerms:     {AuditIntact: "一致", AuditBroken: "不一致"},
	LeavesTerms:    {LeavesGood: "完好", LeavesMissing: "缺失", LeavesDamaged: "损坏"},
	DifferenceTerms: {
		EventEdited: "被修改", EventRemoved: "被删除", EventInserted: "事后插入", EventUnknown: "被更改", CheckpointsTwo: "检查点矛盾",
	},
	SubjectTerms: {
		"application": "注册申请", "account": "账号", "verification": "认证", "recovery": "找回操作", "session": "会话", "sms": "短信",
		"document": "文件", "username": "用户名", "unit_code": "单位编号",
	},
	PartTerms:   {"subject": "对象", Actor: "操作者"},
	SourceTerms: {"audit": "审计", "record": "记录"},
}

// spoken are the lists whose words stand in messages, the earlier before the later: what a message tells of is a state, or a role.
var spoken = [...]TermList{CheckTerms, ApplicationTerms, AccountTerms, RecoveryTerms, RoleTerms, RegisterTerms, SMSTerms}
