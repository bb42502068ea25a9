package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/batch"
)

// documentMax is the largest registration document, in bytes.
const documentMax = 1 << 20

// ParseRegistration reads a registration document, YAML or JSON. An unknown field is an error, so that a misspelt one
// is not silently left out. Numbers are taken as they are written: a document number needs no quotes.
func ParseRegistration(r io.Reader) (account.Registration, error) {
	text, err := io.ReadAll(io.LimitReader(r, documentMax+1))
	if err != nil {
		return account.Registration{}, account.NewFault("FILE_INVALID", "format", "YAML", "problem", account.Say("it cannot be read", "无法读取")).WithCause(err)
	}
	if len(text) > documentMax {
		return account.Registration{}, account.NewFault("INPUT_TOO_LARGE", "limit", documentMax)
	}
	var root yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&root); err != nil {
		return account.Registration{}, account.NewFault("FILE_INVALID", "format", "YAML", "problem", syntaxProblem(err))
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return account.Registration{}, account.NewFault("FILE_INVALID", "format", "YAML", "problem", account.Say("more than one document", "含有多个文档"))
	}
	value, err := plain(&root, 0)
	if err != nil {
		return account.Registration{}, err
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return account.Registration{}, fmt.Errorf("encode the document: %w", err)
	}
	var registration account.Registration
	strict := json.NewDecoder(bytes.NewReader(encoded))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&registration); err != nil {
		return account.Registration{}, account.NewFault("FILE_INVALID", "format", "YAML", "problem", batch.FieldProblem(err))
	}
	return registration, nil
}

// syntaxProblem tells where a document cannot be read. The parser's message quotes it, and it may hold a password, so
// only the line is taken.
func syntaxProblem(err error) account.Text {
	if errors.Is(err, io.EOF) {
		return account.Say("the file is empty", "文件为空")
	}
	if _, rest, found := strings.Cut(err.Error(), "line "); found {
		if end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' }); end > 0 {
			return account.Say("syntax, near line %s", "第 %s 行附近语法错误", rest[:end])
		}
	}
	return account.Say("syntax", "语法错误")
}

const documentDepth = 8

// plain turns a YAML node into JSON values. Aliases are refused: no registration needs them, and they can make a small
// document huge.
func plain(n *yaml.Node, depth int) (any, error) {
	bad := func(problem account.Text) error {
		return account.NewFault("FILE_INVALID", "format", "YAML", "problem", account.Say("line %d: %s", "第 %d 行：%s", n.Line, problem))
	}
	if depth > documentDepth {
		return nil, bad(account.Say("nested too deep", "嵌套过深"))
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(n.Content[0], depth+1)
	case yaml.MappingNode:
		object := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode {
				return nil, bad(account.Say("a key is a word", "键须为文字"))
			}
			if _, twice := object[key.Value]; twice {
				return nil, account.NewFault("FILE_INVALID", "format", "YAML", "problem", account.Say("line %d: a field stands twice", "第 %d 行：字段重复", key.Line))
			}
			value, err := plain(n.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			object[key.Value] = value
		}
		return object, nil
	case yaml.ScalarNode:
		switch n.Tag {
		case "!!bool":
			var b bool
			if err := n.Decode(&b); err != nil {
				return nil, bad(account.Say("true or false", "须为 true 或 false"))
			}
			return b, nil
		case "!!null":
			return nil, nil
		}
		return n.Value, nil
	}
	return nil, bad(account.Say("a list or alias cannot stand here", "此处不能使用列表或别名"))
}
