package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// yamlDocument writes a tree as one YAML document.
func yamlDocument(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := yaml.NewEncoder(&buf)
	enc.SetIndent(2)
	if err := enc.Encode(yamlNode(v)); err != nil {
		return nil, fmt.Errorf("encode YAML: %w", err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("encode YAML: %w", err)
	}
	// Strings with an unsafe character are double-quoted (see yamlString), and
	// the encoder escapes the control characters but not the invisible ones.
	// Between double quotes the escapes that guard writes mean the character.
	return []byte(Clean(buf.String())), nil
}

func yamlNode(v any) *yaml.Node {
	switch v := v.(type) {
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(v)}
	case json.Number:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: v.String()}
	case string:
		return yamlString(v)
	case []any:
		node := &yaml.Node{Kind: yaml.SequenceNode}
		if len(v) == 0 {
			node.Style = yaml.FlowStyle
		}
		for _, element := range v {
			node.Content = append(node.Content, yamlNode(element))
		}
		return node
	case object:
		node := &yaml.Node{Kind: yaml.MappingNode}
		if len(v) == 0 {
			node.Style = yaml.FlowStyle
		}
		for _, m := range v {
			node.Content = append(node.Content, yamlString(m.key), yamlNode(m.value))
		}
		return node
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: "null"}
}

// yamlString is a scalar that stays a string with readers of YAML 1.1 too, for
// which "no" is a boolean and "12:30:00" a number.
func yamlString(s string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch {
	case strings.ContainsFunc(s, unsafeRune),
		s != "" && strings.ContainsRune("+-.0123456789", rune(s[0])),
		slices.Contains([]string{"y", "n", "yes", "no", "on", "off"}, strings.ToLower(s)):
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}
