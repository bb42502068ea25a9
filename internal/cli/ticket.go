package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

// ticketFlags say what a ticket is about, beside words that say it.
type ticketFlags struct {
	service.Ticket
	application string
}

// ticketFlagsOf adds the flags to a command.
func ticketFlagsOf(app *App, cmd *cobra.Command) *ticketFlags {
	t := &ticketFlags{}
	cmd.Flags().StringVar(&t.Phone, "phone", "", app.tr("mobile number of a person", "手机号"))
	cmd.Flags().StringVar(&t.DocumentNumber, "document-number", "", app.tr("document number of a person", "证件号码"))
	cmd.Flags().StringVar(&t.Username, "username", "", app.tr("user name", "用户名"))
	cmd.Flags().StringVar(&t.UnitCode, "unit-code", "", app.tr("unit code of the organization", "单位编号"))
	cmd.Flags().StringVar(&t.application, "application", "", app.tr("application, or any record, by its id; or by its user name", "注册申请或任一记录的编号，或用户名"))
	completesFlag(app, cmd, "username", usernames())
	completesFlag(app, cmd, "unit-code", unitCodes)
	completesFlag(app, cmd, "application", applications())
	return t
}

// ticketWord completes a word of a ticket where an id or user name is typed: numbers of people are not offered.
func ticketWord(t typing) []cobra.Completion { return append(applications()(t), accounts()(t)...) }

// read gives what words and flags say together.
func (t *ticketFlags) read(cmd *cobra.Command, words []string) (service.Ticket, error) {
	ticket := t.Ticket
	add := func(more service.Ticket) (err error) {
		ticket, err = ticket.With(more)
		return err
	}
	if t.application != "" {
		named := service.ReadTicket(t.application)
		if named.Record == "" {
			named = service.Ticket{Username: t.application}
		}
		if err := add(named); err != nil {
			return ticket, err
		}
	}
	for _, word := range words {
		if err := add(service.ReadTicket(word)); err != nil {
			return ticket, err
		}
	}
	if ticket == (service.Ticket{}) {
		return ticket, account.NewFault("USAGE", "problem", account.Say("name what it is about: an id, a mobile, a document number, a user name or a unit code",
			"请指明对象：编号、手机号、证件号码、用户名或单位编号"), "command", cmd.CommandPath())
	}
	return ticket, nil
}
