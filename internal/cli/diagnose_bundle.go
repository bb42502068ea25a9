package cli

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/render"
)

// writeBundle puts a diagnosis into a new zip file: as JSON, and as a table in both languages. Everything is masked already but what people wrote
// into reasons, which is masked here.
func (app *App) writeBundle(path string, d account.Diagnosis) error {
	var safe account.Diagnosis
	if err := maskWritten(d, &safe); err != nil {
		return err
	}
	return writeNew(path, func(file *os.File) error {
		archive := zip.NewWriter(file)
		for _, part := range []struct {
			name, format string
			lang         account.Language
		}{{"case.json", render.FormatJSON, account.English}, {"case.en.txt", render.FormatTable, account.English}, {"case.zh.txt", render.FormatTable, account.Chinese}} {
			entry, err := archive.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: time.Now()})
			if err != nil {
				return fmt.Errorf("write a case file: %w", err)
			}
			format, err := render.ParseFormat(part.format)
			if err != nil {
				return fmt.Errorf("write a case file: %w", err)
			}
			printer, err := render.New(entry, render.Options{Format: format, Width: bundleWidth, Location: app.location()})
			if err != nil {
				return fmt.Errorf("write a case file: %w", err)
			}
			told := &App{lang: part.lang}
			if err := printer.Print(context.Background(), told.diagnosisReport(safe)); err != nil {
				return fmt.Errorf("write a case file: %w", err)
			}
		}
		if err := archive.Close(); err != nil {
			return fmt.Errorf("write a case file: %w", err)
		}
		return nil
	})
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
