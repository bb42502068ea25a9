package cli

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/service"
)

func pagingFlags(app *App, cmd *cobra.Command, p *service.Paging) {
	p.Limit = service.DefaultPage
	cmd.Flags().Var((*pageLimit)(&p.Limit), "limit", app.tr("rows of a page, 1-1000", "每页行数，1-1000"))
	cmd.Flags().StringVar(&p.Token, "page-token", "", app.tr("token of the next page", "下一页的标记"))
}

// pageLimit is a flag that takes what a page may have.
type pageLimit int

func (l *pageLimit) String() string { return strconv.Itoa(int(*l)) }

func (l *pageLimit) Type() string { return "int" }

func (l *pageLimit) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > service.MaxPage {
		return rangeError(fmt.Sprintf("1-%d", service.MaxPage))
	}
	*l = pageLimit(n)
	return nil
}

// positive is a flag that takes a number from 1 on.
type positive int

func (p *positive) String() string {
	if *p == 0 {
		return ""
	}
	return strconv.Itoa(int(*p))
}

func (p *positive) Type() string { return "int" }

func (p *positive) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return rangeError("1-…")
	}
	*p = positive(n)
	return nil
}
