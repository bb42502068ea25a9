package account

// The changes of a fixture.
const (
	FixtureNone    = "none"
	FixtureCreate  = "create"
	FixtureReplace = "replace"
	FixtureDelete  = "delete"
)

// FixtureReport tells what applying or deleting a fixture changed, or would change: Changes counts the organizations.
type FixtureReport struct {
	Namespace     string                `json:"namespace"`
	Changes       int                   `json:"changes"`
	Organizations []FixtureOrganization `json:"organizations"`
	Items         []FixtureItem         `json:"items"`
}

// FixtureOrganization is one organization of a fixture. Why is why it is replaced or deleted: asked-otherwise (the document changed),
// changed-since (a test or time changed it), unfinished (its process was killed), not-asked-for.
type FixtureOrganization struct {
	Key      string  `json:"key"`
	Change   string  `json:"change"`
	Why      *string `json:"why"`
	Name     *string `json:"organization_name"`
	UnitCode *string `json:"unit_code"`
}

// FixtureItem is one account or application of a fixture, in clear: its person is made up and its password a throw-away one. What a deleted
// one was, beside its ids, nobody knows any more. Status is that of the account, or of the application where there is none.
type FixtureItem struct {
	Key              string         `json:"key"`
	Organization     string         `json:"organization"`
	Change           string         `json:"change"`
	State            *string        `json:"state"`
	Status           *string        `json:"status"`
	Role             *string        `json:"role"`
	Username         *string        `json:"username"`
	Password         *string        `json:"password"`
	Name             *string        `json:"name"`
	DocumentType     *string        `json:"document_type"`
	DocumentNumber   *string        `json:"document_number"`
	Phone            *string        `json:"phone"`
	Email            *string        `json:"email"`
	UnitCode         *string        `json:"unit_code"`
	OrganizationName *string        `json:"organization_name"`
	ApplicationID    *ApplicationID `json:"application_id"`
	AccountID        *AccountID     `json:"account_id"`
}
