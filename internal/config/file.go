package config

import (
	"errors"
	"fmt"
	"io"
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

// fileMax is far above what any configuration needs, in bytes.
const fileMax = 256 << 10

// errTooLarge says that a file is larger than it may be.
var errTooLarge = errors.New("the file is too large")

// ReadBounded reads a file of at most so many bytes: what a configuration names may turn out to be anything.
func ReadBounded(path string, limit int64) (text []byte, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	text, err = io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = errTooLarge
	}
	return text, err
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
	raw, err := ReadBounded(path, fileMax)
	switch {
	case errors.Is(err, errTooLarge):
		return profile{}, invalid("the configuration file is larger than %d bytes", "配置文件超过 %d 字节", fileMax)
	case err != nil:
		return profile{}, invalid("the configuration file cannot be read", "配置文件无法读取")
	}
	var root yaml.Node
	if err := yaml.Unmarshal(raw, &root); err != nil {
		return profile{}, invalid("the configuration file is not YAML", "配置文件不是 YAML 格式")
	}
	file, ok := pairs(root)
	if !ok {
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
	below, ok := pairs(node)
	if !ok {
		return nil, invalid("%s is no group of settings", "%s 须为一组配置项", name)
	}
	return below, nil
}

// mergeMax is how many groups one group may take over (<<), itself and those that they take over counted. The YAML package knows no such
// bound, and a small file could ask for billions.
const mergeMax = 100

// pairs gives the keys and values of a group with those that it takes over; its own come first. False: it is none, or has a key twice.
func pairs(node yaml.Node) (map[string]yaml.Node, bool) {
	if node.Kind == yaml.DocumentNode {
		node = *node.Content[0]
	}
	if node.Kind == 0 || node.Tag == "!!null" {
		return nil, true
	}
	out, left := map[string]yaml.Node{}, mergeMax
	return out, merge(out, node, &left)
}

func merge(into map[string]yaml.Node, node yaml.Node, left *int) bool {
	node = behind(node)
	if *left--; node.Kind != yaml.MappingNode || *left < 0 {
		return false
	}
	own := map[string]bool{}
	var taken []yaml.Node
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], *node.Content[i+1]
		if key.Kind != yaml.ScalarNode || own[key.Value] {
			return false
		}
		own[key.Value] = true
		switch _, there := into[key.Value]; {
		case key.Tag == "!!merge":
			taken = append(taken, value)
		case !there:
			into[key.Value] = value
		}
	}
	for _, value := range taken {
		if value = behind(value); value.Kind != yaml.SequenceNode {
			if !merge(into, value, left) {
				return false
			}
			continue
		}
		for _, one := range value.Content {
			if !merge(into, *one, left) {
				return false
			}
		}
	}
	return true
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
