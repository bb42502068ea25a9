package account

// reasonText explains why a value is not valid; it stands in brackets behind the code's text.
type reasonText struct{ english, chinese string }

// reasons are the words that identifier gives for what is wrong with a value.
var reasons = map[string]reasonText{
	"alphabet":          {"a character that cannot stand there", "含有不允许的字符"},
	"birth-date":        {"its birth date is none", "出生日期不正确"},
	"check-character":   {"the check character does not fit", "校验位不符"},
	"chinese-name":      {"the Chinese half is not a name", "中文名称不正确"},
	"combining-marks":   {"too many combining marks", "组合符号过多"},
	"control-character": {"a character that is not seen", "含有不可见字符"},
	"division":          {"its division is none", "行政区划不正确"},
	"domain":            {"the part after the @", "@ 之后的部分不正确"},
	"empty":             {"it is empty", "内容为空"},
	"encoding":          {"it is not UTF-8", "编码不是 UTF-8"},
	"english-name":      {"the English half is not a name", "英文名称不正确"},
	"format":            {"it is not written that way", "格式不正确"},
	"length":            {"its length", "长度不正确"},
	"local-part":        {"the part before the @", "@ 之前的部分不正确"},
	"middle-dot":        {"a middle dot stands alone inside a name", "间隔号使用不正确"},
	"other-mobile":      {"it is another person's mobile number", "不得使用他人手机号"},
	"own-mobile":        {"a mobile number may only be the applicant's own", "只能使用本人手机号"},
	"prefix":            {"its prefix", "前缀不符"},
	"resident-id":       {"it is a resident ID number", "不得使用身份证号"},
	"too-long":          {"it is too long", "内容过长"},
	"unknown":           {"it is not in the list", "不在列表之中"},
	"unknown-kind":      {"no such kind", "没有此类型"},
	"uscc":              {"it is a unified social credit code", "不得使用统一社会信用代码"},
}

// chineseWords are the words of details that stand in Chinese messages: statuses, and what a password breaks. Values that
// are to be typed, such as those of a flag, are not here: they are never translated.
var chineseWords = map[string]string{
	"approved":          "审核通过",
	"awaiting-identity": "待人脸认证",
	"cancelled":         "已注销",
	"certified":         "已完成信息认证",
	"deactivated":       "已注销",
	"disabled":          "已停用",
	"expired":           "已过期",
	"failed":            "未通过",
	"manual-review":     "待人工认定",
	"passed":            "已通过",
	"pending":           "进行中",
	"pending-review":    "待审核",
	"rejected":          "已拒绝",
	"revoked":           "已吊销",
	"withdrawn":         "已撤回",

	"it is read-only":              "数据库为只读",
	"its disk is full":             "数据库磁盘已满",
	"its socket may not be opened": "无权打开套接字",
	"no secure connection":         "无法建立安全连接",
	"nothing listens there":        "该地址无服务",
	"the connection failed":        "连接失败",
	"the login was refused":        "登录被拒绝",
	"there is no such database":    "数据库不存在",

	"birth-date":        "出生日期",
	"character-classes": "字符种类不足三种",
	"contains-username": "包含用户名",
	"landline":          "固定电话",
	"length":            "长度不是8-20位",
	"mobile":            "手机号",
	"name-pinyin":       "姓名拼音",
	"printable-ascii":   "含有不允许的字符",
}
