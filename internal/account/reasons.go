package account

// reasonText explains why a value is not valid; it stands in brackets behind the code's text.
type reasonText struct{ english, chinese string }

// reasons are the words that identifier gives for what is wrong with a value.
var reasons = map[string]reasonText{
	"alphabet":          {"a character that cannot stand there", "含有不允许的字符"},
	"beside-password":   {"there is a password as well", "不得同时填写密码"},
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
	"damaged":           {"its picture data is damaged", "图片数据已损坏"},
	"middle-dot":        {"a middle dot stands alone inside a name", "间隔号使用不正确"},
	"other-mobile":      {"it is another person's mobile number", "不得使用他人手机号"},
	"own-mobile":        {"a mobile number may only be the applicant's own", "只能使用本人手机号"},
	"prefix":            {"its prefix", "前缀不符"},
	"resident-id":       {"it is a resident ID number", "不得使用身份证号"},
	"too-long":          {"it is too long", "内容过长"},
	"not-jpeg":          {"it is no JPEG, whatever its name", "内容不是 JPEG 格式"},
	"too-large":         {"its size in bytes", "文件过大"},
	"too-many-pixels":   {"its size in pixels", "像素过多"},
	"trailing-data":     {"something stands behind the picture", "图片之后含有其他数据"},
	"truncated":         {"its end is missing", "文件不完整"},
	"unsupported-jpeg":  {"a kind of JPEG that is not taken", "不支持的 JPEG 编码"},
	"unknown":           {"it is not in the list", "不在列表之中"},
	"unknown-kind":      {"no such kind", "没有此类型"},
	"uscc":              {"it is a unified social credit code", "不得使用统一社会信用代码"},
}

// chineseWords are the words of details that stand in Chinese messages beside those of [spoken]: what a password breaks. Values that
// are to be typed, such as those of a flag, are not here: they are never translated.
var chineseWords = map[string]string{
	"birth-date":        "出生日期",
	"character-classes": "字符种类不足三种",
	"contains-username": "包含用户名",
	"landline":          "固定电话",
	"length":            "长度不是8-20位",
	"mobile":            "手机号",
	"name-pinyin":       "姓名拼音",
	"printable-ascii":   "含有不允许的字符",
}

// inChinese gives the word of a detail.
func inChinese(code string) (string, bool) {
	for _, list := range spoken {
		if word, ok := terms[list][code]; ok {
			return word, true
		}
	}
	word, ok := chineseWords[code]
	return word, ok
}
