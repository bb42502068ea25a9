package account

// BatchResult tells what a batch of registrations did. Statuses counts the rows that went in by what they became, Codes the others by
// why they did not; Failures are the first of those.
type BatchResult struct {
	Rows     int64            `json:"rows"`
	Made     int64            `json:"made"`
	Failed   int64            `json:"failed"`
	Statuses map[string]int64 `json:"statuses"`
	Codes    map[string]int64 `json:"codes"`
	Failures []BatchReport    `json:"failures"`
	Resumed  bool             `json:"resumed"`
	Seconds  float64          `json:"seconds"`
}

// BatchReport is a line of the report of a batch: what became of one row. ID is the application's. Code, Message, Hint and Details are of
// a row that did not go in.
type BatchReport struct {
	Line    int64          `json:"line"`
	Key     string         `json:"key"` // the user name, masked where it is personal
	Status  string         `json:"status,omitempty"`
	ID      *ApplicationID `json:"id,omitempty"`
	Account *AccountID     `json:"account_id,omitempty"`
	Code    Code           `json:"code,omitempty"`
	Message string         `json:"message,omitempty"`
	Hint    string         `json:"hint,omitempty"`
	Details map[string]any `json:"details,omitempty"`
}
