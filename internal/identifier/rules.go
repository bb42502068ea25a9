package identifier

import "slices"

// rule is all there is to know about a kind.
type rule struct {
	kind      Kind
	code      string // of its errors
	document  bool   // a personal document
	normalize func(string) string
	check     func(*checking) // reads c.Value, writes problems and facts
}

// rules is read only. Its order is that of [Kinds] and [DocumentTypes].
var rules = [...]rule{
	{kind: USCC, code: CodeUSCC, normalize: NormalizeCode, check: checkUSCC},
	{kind: RegistrationNumber, code: CodeRegistrationNumber, normalize: NormalizeCode, check: checkRegistrationNumber},
	{kind: OrganizationCode, code: CodeOrganizationCode, normalize: normalizeOrganizationCode, check: checkOrganizationCode},
	{kind: ProjectCode, code: CodeProjectCode, normalize: NormalizeCode, check: checkProjectCode},
	{kind: IssuedCode, code: CodeIssuedCode, normalize: NormalizeCode, check: checkIssuedCode},
	{kind: ResidentID, code: CodeDocumentNumber, document: true, normalize: NormalizeCode, check: checkResidentID},
	{kind: HMTResidencePermit, code: CodeDocumentNumber, document: true, normalize: NormalizeCode, check: checkHMTResidencePermit},
	{kind: ForeignPRCard, code: CodeDocumentNumber, document: true, normalize: NormalizeCode, check: checkForeignPRCard},
	{kind: HKMacaoPermit, code: CodeDocumentNumber, document: true, normalize: NormalizeCode, check: checkHKMacaoPermit},
	{kind: TaiwanPermit, code: CodeDocumentNumber, document: true, normalize: NormalizeCode, check: checkTaiwanPermit},
	{kind: Passport, code: CodeDocumentNumber, document: true, normalize: NormalizeCode, check: checkPassport},
	{kind: MilitaryOfficerCard, code: CodeDocumentNumber, document: true, normalize: NormalizeCode, check: checkMilitaryOfficerCard},
	{kind: PersonName, code: CodeName, normalize: normalizeName, check: checkPersonName},
	{kind: OrganizationName, code: CodeOrganizationName, normalize: normalizeName, check: checkOrganizationName},
	{kind: OverseasName, code: CodeOrganizationName, normalize: normalizeName, check: checkOverseasName},
	{kind: Mobile, code: CodePhone, normalize: normalizeMobile, check: checkMobile},
	{kind: Landline, code: CodeLandline, normalize: normalizeLandline, check: checkLandline},
	{kind: Email, code: CodeEmail, normalize: normalizeEmail, check: checkEmail},
	{kind: EthnicGroup, code: CodeEthnicGroup, normalize: normalizeEthnicGroup, check: checkEthnicGroup},
	{kind: Username, code: CodeUsername, normalize: normalizeUsername, check: checkUsernameOfAnyone},
}

// Kinds lists the kinds in a stable order, for help and completion.
func Kinds() []Kind {
	kinds := make([]Kind, 0, len(rules))
	for i := range rules {
		kinds = append(kinds, rules[i].kind)
	}
	return kinds
}

// DocumentTypes lists the kinds that are personal documents (证件类型), in a
// stable order; the first is the default.
func DocumentTypes() []Kind {
	kinds := make([]Kind, 0, len(rules))
	for i := range rules {
		if rules[i].document {
			kinds = append(kinds, rules[i].kind)
		}
	}
	return kinds
}

// IsDocumentType tells whether kind is one of [DocumentTypes].
func IsDocumentType(kind Kind) bool {
	return slices.ContainsFunc(rules[:], func(r rule) bool { return r.document && r.kind == kind })
}
