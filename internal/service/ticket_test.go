package service_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/service"
)

func TestReadTicketTellsWhatAWordMeans(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]service.Ticket{
		"app_064rvbmscyec0wkfxfzd4r7t8r": {Record: "app_064rvbmscyec0wkfxfzd4r7t8r"},
		"doc_064rvbmscyec0wkfxfzd4r7t8r": {Record: "doc_064rvbmscyec0wkfxfzd4r7t8r"},
		"org_064rvbmscyec0wkfxfzd4r7t8r": {Record: "org_064rvbmscyec0wkfxfzd4r7t8r"},
		"sms_064rvbmscyec0wkfxfzd4r7t8r": {Record: "sms_064rvbmscyec0wkfxfzd4r7t8r"},
		"app_not_an_id":                  {Username: "app_not_an_id"},
		"13700000001":                    {Phone: "13700000001", Username: "13700000001"},
		"91330100799655058B":             {UnitCode: "91330100799655058B"},
		"X1330211040113985T":             {UnitCode: "X1330211040113985T"},
		"330106198001010013":             {DocumentNumber: "330106198001010013"},
		"wang_example":                   {Username: "wang_example"},
		"alice1234":                      {Username: "alice1234"},
		"phone:+86 137 0000 0001":        {Phone: "+86 137 0000 0001"},
		"document:E12345678":             {DocumentNumber: "E12345678"},
		"unit:799655058":                 {UnitCode: "799655058"},
		"username:13700000001":           {Username: "13700000001"},
	} {
		if diff := cmp.Diff(want, service.ReadTicket(word)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", word, diff)
		}
	}
}

func TestWordsOfATicketAddUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		words []string
		want  service.Ticket
		code  string
	}{
		"a mobile and a unit":             {[]string{"13700000001", "91330100799655058B"}, service.Ticket{Phone: "13700000001", Username: "13700000001", UnitCode: "91330100799655058B"}, ""},
		"a mobile, then a user name":      {[]string{"13700000001", "wang_example"}, service.Ticket{Phone: "13700000001", Username: "wang_example"}, ""},
		"a user name, then a mobile":      {[]string{"wang_example", "13700000001"}, service.Ticket{Phone: "13700000001", Username: "wang_example"}, ""},
		"the same twice":                  {[]string{"wang_example", "username:wang_example"}, service.Ticket{Username: "wang_example"}, ""},
		"two user names":                  {[]string{"wang_example", "li_example"}, service.Ticket{}, "USAGE"},
		"two mobiles":                     {[]string{"13700000001", "phone:13700000002"}, service.Ticket{}, "USAGE"},
		"an application and its document": {[]string{"app_064rvbmscyec0wkfxfzd4r7t8r", "doc_064rvbmscyec0wkfxfzd4r7t8r"}, service.Ticket{}, "USAGE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got service.Ticket
			var err error
			for _, word := range c.words {
				if got, err = got.With(service.ReadTicket(word)); err != nil {
					break
				}
			}
			if string(codeOf(err)) != c.code {
				t.Fatalf("%v, want %q", err, c.code)
			}
			if diff := cmp.Diff(c.want, got); err == nil && diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
