package identifier

// The Complete functions put the check character behind the body of a made-up number, for test data. They demand the form of the body and
// know no real number.

// CompleteUSCC makes a USCC of its first eight characters (prefix and division) and the first eight of its organization code; false: they
// have another form.
func CompleteUSCC(head, organization string) (string, bool) {
	body := head + organization
	if len(head) != 8 || len(organization) != 8 || firstNot(body, inUSCCAlphabet) >= 0 || !isDigits(head[2:]) {
		return "", false
	}
	body += string(organizationCheck(organization))
	return body + string(usccCheck(body)), true
}

// CompleteProjectCode makes a project code of its first seventeen characters, whose check character fits; false: they have another form.
func CompleteProjectCode(body string) (string, bool) {
	if len(body) != usccLength-1 || firstNot(body, inUSCCAlphabet) >= 0 || body[:2] != "X1" || !isDigits(body[2:8]) {
		return "", false
	}
	return body + string(usccCheck(body)), true
}

// CompleteResidentID makes a resident ID of division (6 digits), birth date (YYYYMMDD) and sequence (3 digits); false: they have another
// form, or there is no such day.
func CompleteResidentID(division, birth, sequence string) (string, bool) {
	body := division + birth + sequence
	if len(division) != 6 || len(birth) != 8 || len(sequence) != 3 || !isDigits(body) {
		return "", false
	}
	if _, ok := birthDate(birth); !ok {
		return "", false
	}
	return body + string(residentCheck(body)), true
}
