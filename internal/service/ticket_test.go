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
