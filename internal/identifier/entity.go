package identifier

import (
	"slices"
	"strings"
)

// EntityType is a kind of organization of the zhejiang channel (guide 一.1) with
// the USCC prefixes that fit it.
type EntityType struct {
	Name     string   // as given to --entity-type
	Chinese  string   // as in the guide
	Prefixes []string // first two characters of the USCC; empty: any
}

// EntityTypes returns the table of entity types, in the guide's order.
func EntityTypes() []EntityType {
	return []EntityType{
		{"market-entity", "企业、农专社、个体工商户", []string{"91", "92", "93"}},
		{"public-institution", "事业单位", []string{"12"}},
		{"government-body", "行政机关", []string{"11", "13", "19"}},
		{"social-group", "社会团体", []string{"51"}},
		{"private-non-enterprise", "民办非企业", []string{"52"}},
		{"foundation", "基金会", []string{"53"}},
		{"law-firm", "律师事务所", []string{"31"}},
		{"eldercare", "养老机构", []string{"12", "52", "91"}},
		{"other-unincorporated", "其他非法人单位", nil},
	}
}

// CheckEntityPrefix returns a warning and true when the prefix of uscc does not
// fit the entity type. An unknown entity type and a uscc that is none raise no
// warning here: they are errors elsewhere.
func CheckEntityPrefix(entityType, uscc string) (warning Problem, bad bool) {
	uscc = NormalizeCode(uscc)
	if len(uscc) != usccLength || firstNot(uscc, inUSCCAlphabet) >= 0 {
		return Problem{}, false
	}
	for _, t := range EntityTypes() {
		if t.Name != entityType {
			continue
		}
		if len(t.Prefixes) == 0 || slices.Contains(t.Prefixes, uscc[:2]) {
			return Problem{}, false
		}
		return Problem{
			Code:   WarnEntityTypePrefix,
			Reason: "prefix",
			Detail: "expected " + strings.Join(t.Prefixes, " "),
		}, true
	}
	return Problem{}, false
}

// prefixCategory names what registers under the first two characters of a USCC
// (GB 32100-2015, table 2, and its later amendments), "" when that is unknown.
func prefixCategory(prefix string) string {
	switch prefix {
	case "11":
		return "机关"
	case "12":
		return "事业单位"
	case "13":
		return "编办直接管理机构编制的群众团体"
	case "19":
		return "机构编制部门登记的其他机构"
	case "31":
		return "律师执业机构"
	case "32":
		return "公证处"
	case "33":
		return "基层法律服务所"
	case "34":
		return "司法鉴定机构"
	case "35":
		return "仲裁委员会"
	case "41":
		return "外国在华文化中心"
	case "49":
		return "文化部门登记的其他机构"
	case "51":
		return "社会团体"
	case "52":
		return "民办非企业单位"
	case "53":
		return "基金会"
	case "54":
		return "村民委员会"
	case "55":
		return "居民委员会"
	case "71":
		return "宗教活动场所"
	case "72":
		return "宗教院校"
	case "81":
		return "基层工会"
	case "91":
		return "企业"
	case "92":
		return "个体工商户"
	case "93":
		return "农民专业合作社"
	case "A1":
		return "军队事业单位"
	case "G1":
		return "境外非政府组织代表机构"
	case "N1":
		return "组级集体经济组织"
	case "N2":
		return "村级集体经济组织"
	case "N3":
		return "乡镇级集体经济组织"
	case "Y1":
		return "其他"
	}
	return ""
}
