package identifier

import (
	"fmt"
	"strings"
)

// ethnicNames holds the names of GB/T 3304 without 族, codes 01 to 56 in order.
const ethnicNames = "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 " +
	"达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"

// Ethnicity is one row of GB/T 3304.
type Ethnicity struct {
	Code string // two digits
	Name string // 汉族; 其他 and 入籍 have no 族
}

// Ethnicities returns the 56 groups in order of code, then 97 其他 and 98 入籍.
func Ethnicities() []Ethnicity {
	list := make([]Ethnicity, 0, 58)
	for name := range strings.SplitSeq(ethnicNames, " ") {
		list = append(list, Ethnicity{fmt.Sprintf("%02d", len(list)+1), name + "族"})
	}
	return append(list, Ethnicity{"97", "其他"}, Ethnicity{"98", "入籍"})
}

// normalizeEthnicGroup turns code or name, with or without 族, into the code.
func normalizeEthnicGroup(s string) string {
	s = NormalizeCode(s)
	for _, e := range Ethnicities() {
		if s == e.Code || s == e.Name || s+"族" == e.Name {
			return e.Code
		}
	}
	return s
}

// checkEthnicGroup: the normalized value is the code, the name a fact.
func checkEthnicGroup(c *checking) {
	for _, e := range Ethnicities() {
		if c.Value == e.Code {
			c.fact("name", e.Name)
			return
		}
	}
	c.fail("unknown", "GB/T 3304")
}
