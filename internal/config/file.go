package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/farenctl/farenctl/internal/account"
)

// profile is the chosen part of the configuration file; the zero value is that of no file.
type profile struct {
	name, file string
	values     map[string]value // by setting
}

// readProfile reads the profile of the configuration file. The file may hold a database password, so it must be its owner's alone
// if it does. It is not read by viper, which makes keys lower-case, and words of a provider are kept as they are.
func readProfile(rows []setting, in Inputs) (profile, error) {
	path, name, explicit := in.File, in.Profile, true
	if path == "" {
		path = in.Getenv("FARENCTL_CONFIG")
	}
	if name == "" {
		name = in.Getenv("FARENCTL_PROFILE")
	}
	if path == "" {
		path, explicit = xdg(in.Getenv, "XDG_CONFIG_HOME", ".config", "config.yaml"), false
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && !explicit && name == "" {
		return profile{}, nil
	}
	if err != nil {
		return profile{}, invalid("the configuration file cannot be read", "配置文件无法读取")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return profile{}, invalid("the configuration file cannot be read", "配置文件无法读取")
	}
	var file map[string]yaml.Node
	if err := yaml.Unmarshal(raw, &file); err != nil {
		return profile{}, invalid("the configuration file is not YAML", "配置文件不是 YAML 格式")
	}
	for _, key := range slices.Sorted(maps.Keys(file)) {
		if !strings.EqualFold(key, "profile") && !strings.EqualFold(key, "profiles") {
			return profile{}, invalid("the configuration file has an unknown setting %q", "配置文件中有未知的配置项 %q", key)
		}
	}
	if own, found := fold(file, "profile"); name == "" && found {
		if name, err = scalar(own, "profile"); err != nil {
			return profile{}, err
		}
	}
	named := name != ""
	if !named {
		name = "default"
	}
	all := map[string]yaml.Node{}
	if node, found := fold(file, "profiles"); found {
		if all, err = mapping(node, "profiles"); err != nil {
			return profile{}, err
		}
	}
	chosen, _ := fold(all, name)
	values, err := mapping(chosen, fmt.Sprintf("profile %q", name))
	if err != nil {
		return profile{}, err
	}
	if len(values) == 0 && named {
		return profile{}, invalid("the configuration file has no profile %q", "配置文件中没有名为 %q 的配置", name)
	}
	p := profile{name: name, file: path, values: map[string]value{}}
	if err := p.read(rows, "", values); err != nil {
		return profile{}, err
	}
	if hasPassword(p.values["database_url"].text) && info.Mode().Perm()&0o077 != 0 {
		return profile{}, account.NewFault("FILE_PERMISSIONS", "file", path)
	}
	return p, nil
}

// read takes over one level of a profile.
func (p profile) read(rows []setting, above string, nodes map[string]yaml.Node) error {
	for _, key := range slices.Sorted(maps.Keys(nodes)) {
		node, name := nodes[key], above+strings.ToLower(key)
		i := slices.IndexFunc(rows, func(s setting) bool { return s.name == name })
		switch {
		case i >= 0:
			if _, twice := p.values[name]; twice {
				return invalid("%s stands there twice", "%s 重复出现", name)
			}
			v, given, err := parse(rows[i], node)
			if err != nil {
				return err
			}
			if given {
				p.values[name] = v
			}
		case slices.ContainsFunc(rows, func(s setting) bool { return strings.HasPrefix(s.name, name+".") }):
			below, err := mapping(node, name)
			if err == nil {
				err = p.read(rows, name+".", below)
			}
			if err != nil {
				return err
			}
		case slices.ContainsFunc(rows, func(s setting) bool { return s.kind == SecretFile && s.name == name+secretSuffix }):
			return secretInConfiguration(name, name+secretSuffix)
		default:
			return invalid("profile %q has an unknown setting %q", "配置 %q 中有未知的配置项 %q", p.name, name)
		}
	}
	return nil
}

// parse reads the value of a setting; nothing behind the colon is no value.
func parse(s setting, node yaml.Node) (v value, given bool, err error) {
	node = behind(node)
	if node.Tag == "!!null" {
		return value{}, false, nil
	}
	switch s.kind {
	case Map:
		nodes, err := mapping(node, s.name)
		if err != nil {
			return value{}, false, err
		}
		v.pairs = make(map[string]string, len(nodes))
		for key, below := range nodes {
			if v.pairs[key], err = scalar(below, s.name); err != nil {
				return value{}, false, err
			}
		}
		return v, true, nil
	case List:
		if node.Kind == yaml.ScalarNode {
			return value{words: split(node.Value)}, true, nil
		}
		var items []yaml.Node
		if err := node.Decode(&items); err != nil {
			return value{}, false, invalid("%s is no list", "%s 须为列表", s.name)
		}
		for _, item := range items {
			word, err := scalar(item, s.name)
			if err != nil {
				return value{}, false, err
			}
			v.words = append(v.words, word)
		}
		return v, true, nil
	}
	v.text, err = scalar(node, s.name)
	return v, true, err
}

// behind follows an alias.
func behind(node yaml.Node) yaml.Node {
	for node.Kind == yaml.AliasNode {
		node = *node.Alias
	}
	return node
}

// scalar gives a text as it is written: an id such as 0123 is no number.
func scalar(node yaml.Node, name string) (string, error) {
	if node = behind(node); node.Kind != yaml.ScalarNode {
		return "", invalid("%s holds a list or group where one value belongs", "%s 须为单个值，不能是列表或分组", name)
	}
	if node.Tag == "!!null" {
		return "", nil
	}
	return node.Value, nil
}

// mapping gives what stands below a name; nothing there is nothing.
func mapping(node yaml.Node, name string) (map[string]yaml.Node, error) {
	var below map[string]yaml.Node
	if node.Kind == 0 || node.Tag == "!!null" {
		return below, nil
	}
	if err := node.Decode(&below); err != nil {
		return nil, invalid("%s is no group of settings", "%s 须为一组配置项", name)
	}
	return below, nil
}

// fold finds a key, however its letters are written where none is written exactly so.
func fold(nodes map[string]yaml.Node, name string) (yaml.Node, bool) {
	if node, exact := nodes[name]; exact {
		return node, true
	}
	for _, key := range slices.Sorted(maps.Keys(nodes)) {
		if strings.EqualFold(key, name) {
			return nodes[key], true
		}
	}
	return yaml.Node{}, false
}

// split parts the words of a list in one text.
func split(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' })
}
