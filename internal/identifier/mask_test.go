package identifier

import (
	"strings"
	"testing"
)

func TestMasks(t *testing.T) {
	t.Parallel()
	document := func(k Kind) func(string) string {
		return func(s string) string { return MaskDocument(k, s) }
	}
	for _, v := range []struct {
		outcome string
		mask    func(string) string
		value   string
		want    string
	}{
		{"resident ID", document(ResidentID), "11010519491231002x", "1****************X"},
		{"resident ID of 15", document(ResidentID), "110105491231002", "1*************2"},
		{"resident ID of three", document(ResidentID), "123", "1*3"},
		{"resident ID of two", document(ResidentID), "12", "**"},
		{"resident ID of one", document(ResidentID), "1", "*"},
		{"resident ID empty", document(ResidentID), "", ""},
		{"residence permit", document(HMTResidencePermit), "830000198505050021", "8****************1"},
		{"new PR card", document(ForeignPRCard), "932682198501010017", "9****************7"},
		{"old PR card", document(ForeignPRCard), "USA110085010112", "USA11*****10112"},
		{"passport", document(Passport), "E12345678", "E12***678"},
		{"passport of ten", document(Passport), "E123456789", "E12****789"},
		{"permit", document(HKMacaoPermit), "H12345678", "H12***678"},
		{"military card", document(MilitaryOfficerCard), "南字第01234567号", "南字第0****567号"},
		{"document of three", document(Passport), "ABC", "A*C"},
		{"document of two", document(Passport), "AB", "**"},
		{"document of one", document(Passport), "A", "*"},
		{"document with hidden characters", document(Passport), "E1\u202e2345678\x00", "E12***678"},
		{"document not UTF-8", document(Passport), "\xff\xfeABCD", "\ufffd***D"},
		{"document too long", document(Passport), strings.Repeat("A", 513), "***"},
		{"mobile", MaskMobile, "13757159050", "137****9050"},
		{"mobile with country code", MaskMobile, "+86 137-5715-9050", "137****9050"},
		{"mobile too short", MaskMobile, "13757", "1***7"},
		{"mobile empty", MaskMobile, "", ""},
		{"mobile too long", MaskMobile, strings.Repeat("1", 513), "***"},
		{"name of two", MaskName, "张三", "*三"},
		{"name of four", MaskName, "欧阳三四", "*阳三四"},
		{"name of one", MaskName, "张", "*"},
		{"name beyond 16 bits", MaskName, "𠮷田", "*田"},
		{"name with its accent", MaskName, "q\u0303ian", "*ian"},
		{"Latin name", MaskName, "John Smith", "*ohn Smith"},
		{"name with hidden characters", MaskName, "\u200b张\u202e三", "*三"},
		{"name empty", MaskName, " ", ""},
		{"name too long", MaskName, strings.Repeat("张", 200), "***"},
		{"landline", MaskLandline, "0571-88880000", "0571-****0000"},
		{"landline without hyphen", MaskLandline, "01088880000", "010-****0000"},
		{"landline of seven", MaskLandline, "0578-2345678", "0578-***5678"},
		{"landline with extension", MaskLandline, "0571-88880000-123", "0571-****0000-***"},
		{"400 number", MaskLandline, "400-888-0000", "400-***0000"},
		{"no landline", MaskLandline, "12345", "1***5"},
		{"landline empty", MaskLandline, "", ""},
		{"landline too long", MaskLandline, strings.Repeat("1", 513), "***"},
		{"phone is a mobile", MaskPhone, "+8613757159050", "137****9050"},
		{"phone is a landline", MaskPhone, "057188880000", "0571-****0000"},
		{"phone too long", MaskPhone, strings.Repeat("1", 513), "***"},
		{"e-mail", MaskEmail, "zhangsan@Example.com", "zha***@example.com"},
		{"e-mail of four", MaskEmail, "abcd@example.com", "abc***@example.com"},
		{"e-mail of three", MaskEmail, "abc@example.com", "ab***@example.com"},
		{"e-mail of one", MaskEmail, "a@example.com", "***@example.com"},
		{"no local part", MaskEmail, "@example.com", "@exa****.com"},
		{"no domain", MaskEmail, "zhangsan@", "zha***an@"},
		{"no at sign", MaskEmail, "zhangsan", "zh****an"},
		{"e-mail empty", MaskEmail, "", ""},
		{"e-mail with hidden characters", MaskEmail, "zha\u200bngsan@exa\x1bmple.com", "zha***@example.com"},
		{"e-mail too long", MaskEmail, strings.Repeat("a", 513), "***"},
	} {
		t.Run(v.outcome, func(t *testing.T) {
			t.Parallel()
			if got := v.mask(v.value); got != v.want {
				t.Errorf("mask = %q, want %q", got, v.want)
			}
		})
	}
}
