package render

import (
	"errors"
	"testing"
)

type summary struct {
	At    string   `json:"at"`
	Queue queue    `json:"queue"`
	Days  []daily  `json:"days"`
	None  []string `json:"none"`
}

type queue struct {
	Waiting int64 `json:"waiting"`
	Ages    struct {
		Old int64 `json:"old"`
	} `json:"ages"`
}

func report() Report[summary, daily] {
	value := summary{At: "2026-03-10", Queue: queue{Waiting: 3}, Days: days().Items, None: []string{}}
	value.Queue.Ages.Old = 2
	return Report[summary, daily]{Value: value, Rows: func(s summary) []daily { return s.Days }, Sections: func(s summary) []Section {
		list := days()
		list.Items = s.Days
		return []Section{
			{Key: "queue", Title: "What waits", View: Object[queue]{Value: s.Queue, Columns: []Column[queue]{{Key: "waiting"}}}},
			{Key: "queue.ages", Title: "By age", View: Object[queue]{Value: s.Queue, Columns: []Column[queue]{{Key: "ages.old", Title: "OLD"}}}},
			{Key: "days", Title: "By day", View: list},
			{Key: "none", Title: "Nothing", View: List[string]{Items: s.None}},
		}
	}}
}

const (
	queueTable = "What waits\nWAITING  3\n\nBy age\nOLD  2\n"
	daysTable  = "By day\nDATE        类型      合计\n2026-03-10  单位审核  ######################################## 250\n2026-03-11  人工比对  #################### 125\n2026-03-12  人工比对  0\n"
)

func TestReportsAreOneThingForPeopleAndAnotherForPrograms(t *testing.T) {
	t.Parallel()
	const rows = `{"date":"2026-03-10","kind":"单位审核","n":250}
{"date":"2026-03-11","kind":"人工比对","n":125}
{"date":"2026-03-12","kind":"人工比对","n":0}
`
	for name, c := range map[string]struct {
		format, jq string
		fields     []string
		color      bool
		want       string
	}{
		"a table":               {"table", "", nil, false, queueTable + "\n" + daysTable + "\nNothing\n-\n"},
		"a section":             {"table", "", []string{"days"}, false, daysTable},
		"sections in order":     {"table", "", []string{"days", "queue"}, false, daysTable + "\n" + queueTable},
		"a part of a section":   {"wide", "", []string{"queue.ages"}, false, "By age\nOLD  2\n"},
		"what is no section":    {"table", "", []string{"at"}, false, "AT  2026-03-10\n"},
		"bold titles":           {"table", "", []string{"queue.ages"}, true, "\x1b[1mBy age\x1b[0m\n\x1b[1mOLD\x1b[0m  2\n"},
		"the rows as CSV":       {"csv", "", nil, false, "date,kind,n\n2026-03-10,单位审核,250\n2026-03-11,人工比对,125\n2026-03-12,人工比对,0\n"},
		"some fields of CSV":    {"csv", "", []string{"n", "date"}, false, "n,date\n250,2026-03-10\n125,2026-03-11\n0,2026-03-12\n"},
		"the rows, a line each": {"jsonl", "", nil, false, rows},
		"jq on each row":        {"jsonl", ".n", nil, false, "250\n125\n0\n"},
		"jq on the whole":       {"table", ".queue.waiting", nil, false, "3\n"},
		"the whole in parts":    {"json", "", []string{"at", "queue.waiting"}, false, "{\n  \"at\": \"2026-03-10\",\n  \"queue\": {\n    \"waiting\": 3\n  }\n}\n"},
		"the whole as YAML":     {"yaml", "", []string{"queue"}, false, "queue:\n  waiting: 3\n  ages:\n    old: 2\n"},
		"no names":              {"name", "", nil, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(t, c.format)
			o.JQ, o.Fields, o.Color, o.ASCII = c.jq, c.fields, c.color, true
			if got := mustRender(t, o, Annotated{View: report()}); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestReportsKnowTheirFieldsBeforeThereIsData(t *testing.T) {
	t.Parallel()
	empty := report()
	empty.Value = summary{}
	for _, c := range []struct {
		format, field string
		known         bool
	}{
		{"table", "queue.ages", true}, {"table", "n", false}, {"json", "days.n", true}, {"json", "n", false}, {"csv", "n", true}, {"csv", "queue", false}, {"jsonl", "at", false},
	} {
		o := options(t, c.format)
		o.Fields = []string{c.field}
		p, err := New(nil, o)
		if err != nil {
			t.Fatal(err)
		}
		var unknown *UnknownFieldError
		if err := p.Check(empty); errors.As(err, &unknown) == c.known {
			t.Errorf("%s, %s: %v", c.format, c.field, err)
		}
	}
}
