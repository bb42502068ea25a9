package cli

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// writeBundle puts a diagnosis and the history behind it into a new zip file: as data, and as tables in both languages. Everything is masked already but
// what people wrote into reasons, which is masked here.
func (app *App) writeBundle(ctx context.Context, s *service.Service, ticket service.Ticket, path string, d account.Diagnosis) error {
	var safe account.Diagnosis
	var events []account.Event
	if err := maskWritten(d, &safe); err != nil {
		return err
	}
	history, _, err := s.Timeline(ctx, service.TimelineQuery{Ticket: ticket, Paging: service.Paging{Limit: service.MaxPage}})
	if err != nil && !account.HasCode(err, "NOTHING_FOUND") {
		return err
	}
	if err := maskWritten(append([]account.Event{}, history.Items...), &events); err != nil {
		return err
	}
	return writeNew(path, func(file *os.File) error {
		archive := zip.NewWriter(file)
		for _, part := range []struct {
			name, format string
			lang         account.Language
		}{
			{"case.json", render.FormatJSON, account.English}, {"case.en.txt", render.FormatTable, account.English}, {"case.zh.txt", render.FormatTable, account.Chinese},
			{"timeline.jsonl", render.FormatJSONL, account.English}, {"timeline.en.txt", render.FormatTable, account.English}, {"timeline.zh.txt", render.FormatTable, account.Chinese},
		} {
			told := &App{lang: part.lang}
			view := render.View(told.diagnosisReport(safe))
			if strings.HasPrefix(part.name, "timeline") {
				list := told.eventList(app.location(), map[string]bool{"application": true, "account": true})
				list.Items = events
				view = list
			}
			if err := writePart(ctx, archive, part.name, part.format, app.location(), view); err != nil {
				return fmt.Errorf("write a case file: %w", err)
			}
		}
		if err := archive.Close(); err != nil {
			return fmt.Errorf("write a case file: %w", err)
		}
		return nil
	})
}

func writePart(ctx context.Context, archive *zip.Writer, name, format string, loc *time.Location, view render.View) error {
	entry, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Now()})
	if err != nil {
		return err
	}
	parsed, err := render.ParseFormat(format)
	if err != nil {
		return err
	}
	printer, err := render.New(entry, render.Options{Format: parsed, Width: bundleWidth, Location: loc})
	if err != nil {
		return err
	}
	return printer.Print(ctx, view)
}

// bundleWidth is that of the tables in a bundle, in columns.
const bundleWidth = 100

// maskWritten copies a value by its JSON, with whatever is a number of a person or an e-mail address inside any text masked.
func maskWritten(from, into any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return fmt.Errorf("encode a case file: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return fmt.Errorf("encode a case file: %w", err)
	}
	if text, err = json.Marshal(maskTree(tree)); err != nil {
		return fmt.Errorf("encode a case file: %w", err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("encode a case file: %w", err)
	}
	return nil
}

func maskTree(v any) any {
	switch v := v.(type) {
	case string:
		return identifier.MaskWithin(v)
	case []any:
		for i := range v {
			v[i] = maskTree(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = maskTree(v[k])
		}
	}
	return v
}
