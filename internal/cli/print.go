package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// printObject runs a use case that gives one record and prints it. The way of printing is checked before anything
// connects. Some failures come with a record, which is printed as well.
func printObject[T any](ctx context.Context, app *App, view render.Object[T], use func(context.Context, *service.Service) (T, error)) error {
	return printed(ctx, app, view, func(ctx context.Context, s *service.Service) (render.View, error) {
		var err error
		view.Value, err = use(ctx, s)
		return view, err
	})
}

// printReport is printObject for a result of several parts.
func printReport[T, R any](ctx context.Context, app *App, view render.Report[T, R], use func(context.Context, *service.Service) (T, error)) error {
	return printed(ctx, app, view, func(ctx context.Context, s *service.Service) (render.View, error) {
		var err error
		view.Value, err = use(ctx, s)
		return view, err
	})
}

// printList is printObject for a page of a list. An empty table is told on stderr.
func printList[T any](ctx context.Context, app *App, view render.List[T], use func(context.Context, *service.Service) (account.Page[T], error)) error {
	var after string // told below the list
	err := printed(ctx, app, view, func(ctx context.Context, s *service.Service) (render.View, error) {
		found, err := use(ctx, s)
		view.Items, view.NextPageToken = found.Items, found.NextToken
		if err == nil && !app.format.Structured() && !app.global.quiet && app.global.jq == "" {
			switch {
			case len(found.Items) == 0:
				after = app.tr("nothing found", "没有符合条件的记录")
			case found.NextToken != "":
				after = app.tr("more: add --page-token ", "还有更多：请加 --page-token ") + found.NextToken
			}
		}
		return view, err
	})
	if err == nil && after != "" {
		app.note(after)
	}
	return err
}

// carriesResult are the failures whose record is still worth printing. A provider fails before there is one, or while one waits, whose
// status is told then.
func carriesResult(err error) bool {
	for _, code := range []account.Code{"AUDIT_BROKEN", "CHECK_INVALID", "CHECK_REFUSED", "DOCTOR_FAILED", "EVIDENCE_BROKEN", "ROWS_REFUSED", "VALUES_UNREADABLE", "WAIT_TIMEOUT", "ENDED_OTHERWISE"} {
		if account.HasCode(err, code) {
			return true
		}
	}
	var f *account.Fault
	return errors.As(err, &f) && (f.Code == "PROVIDER_UNAVAILABLE" || f.Code == "PROVIDER_REFUSED") && f.Details["status"] != nil
}

func printed(ctx context.Context, app *App, empty render.View, use func(context.Context, *service.Service) (render.View, error)) error {
	o, err := app.options()
	if err != nil {
		return err
	}
	printer, err := render.New(app.std.Out, o)
	if err != nil {
		return err
	}
	if err := printer.Check(empty); err != nil {
		return err
	}
	s, err := app.service()
	if err != nil {
		return err
	}
	view, err := use(ctx, s)
	if err != nil && !carriesResult(err) {
		return err
	}
	printErr := printer.Print(ctx, app.annotated(view, s.Outcome()))
	if errors.Is(printErr, syscall.EPIPE) {
		printErr = nil // the reader has seen enough
	}
	return errors.Join(err, printErr)
}

// annotated says how a result came about: in its JSON, or for a person on stderr.
func (app *App) annotated(view render.View, o service.Outcome) render.View {
	var notes []render.Note
	if o.DryRun {
		notes = append(notes, render.Note{Key: "dry_run", Value: true}, render.Note{Key: "not_checked", Value: append([]string{}, o.NotChecked...)})
	}
	if o.Replayed {
		notes = append(notes, render.Note{Key: "replayed", Value: true})
	}
	if o.Reveal != nil {
		notes = append(notes, render.Note{Key: "reveal", Value: o.Reveal})
	}
	if !app.format.Structured() && !app.global.quiet {
		if o.DryRun {
			app.note(app.tr("dry run: nothing was changed", "试运行：未作任何更改"))
		}
		if len(o.NotChecked) > 0 {
			app.note(app.tr("not checked: ", "未检查：") + strings.Join(o.NotChecked, ", "))
		}
		if o.Replayed {
			app.note(app.tr("replayed: this was done before, under the same idempotency key", "重放：同一幂等键的操作先前已完成"))
		}
		if o.Reveal != nil && app.global.jq == "" {
			app.note(fmt.Sprintf(app.tr("%s is shown in clear, which is recorded: %d of %d today", "已明文显示 %s 并记入审计：今日第 %d 次，上限 %d 次"), o.Reveal.Field, o.Reveal.Shown, o.Reveal.Limit))
		}
	}
	return render.Annotated{View: view, Notes: notes}
}

// write puts a text that is no record on stdout.
func (app *App) write(text []byte) error {
	_, err := app.std.Out.Write(text)
	if errors.Is(err, syscall.EPIPE) {
		return nil // the reader has seen enough
	}
	return err
}

// note tells something on stderr.
func (app *App) note(text string) {
	fmt.Fprintln(app.std.Err, render.Clean(text)) //nolint:errcheck // there is nowhere else to tell it
}

// warn tells an application's warnings on stderr, where the output itself does not carry them.
func (app *App) warn(warnings []account.Warning) {
	if app.format.Structured() {
		return
	}
	for _, w := range warnings {
		app.note(app.tr("warning: ", "注意：") + string(w.Code) + ": " + w.Message(app.lang))
	}
}
